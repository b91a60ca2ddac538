"""Whether photos can be kept at this moment: a few bytes are put, read again and forgotten."""

import os
import re
import socket

from server.core.checks import FAILS, OK
from server.photos.store import PhotoStore

KEEP_SECONDS = 30.0
PROOF = b"ready"


def look(store: PhotoStore) -> str:
    """`ok`, or raises what the store raises; each process has a key of its own, so that none forgets another's bytes."""
    key = "ready/" + re.sub(r"[^0-9A-Za-z]", "-", f"{socket.gethostname()[:60]}-{os.getpid()}")
    store.put(key, PROOF)
    kept = store.open(key)
    store.delete(key)
    return OK if kept == PROOF else FAILS
