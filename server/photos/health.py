"""Whether photos can be kept at this moment: a few bytes are put, read again and forgotten."""

import re
import socket

from server.core.checks import FAILS, OK
from server.photos.store import PhotoStore

KEEP_SECONDS = 30.0
PROOF = b"ready"


def look(store: PhotoStore) -> str:
    """`ok`, or raises what the store raises; each machine has a key of its own."""
    key = "ready/" + re.sub(r"[^0-9A-Za-z]", "-", socket.gethostname())[:60]
    store.put(key, PROOF)
    kept = store.open(key)
    store.delete(key)
    return OK if kept == PROOF else FAILS
