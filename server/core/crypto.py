"""What only we may read: fields (AES-256-GCM with a key id), blind indexes and lasting prints, and tokens that come back."""

import base64
import hashlib
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from flask import current_app

NONCE = 12


class Unreadable(Exception):
    """Something sealed that none of our keys opens."""


@dataclass(frozen=True)
class Vault:
    """Seals and opens short texts; the first key seals, every key opens."""

    keys: tuple[tuple[str, bytes], ...]
    root: bytes
    """For prints of what nobody keeps in plain, so that nothing could compute them anew: outlives every key."""

    def seal(self, text: str) -> str:
        """The text under the newest key, as `id.hex`; equal texts give unequal seals."""
        name, key = self.keys[0]
        nonce = secrets.token_bytes(NONCE)
        return f"{name}.{(nonce + AESGCM(key).encrypt(nonce, text.encode(), name.encode())).hex()}"

    def open(self, sealed: str) -> str:
        """The text again. Raises Unreadable when the key is gone or the seal was altered."""
        name, _, body = sealed.partition(".")
        key = dict(self.keys).get(name)
        if key is None:
            raise Unreadable(name)
        raw = bytes.fromhex(body)
        try:
            return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], name.encode()).decode()
        except InvalidTag as fault:
            raise Unreadable(name) from fault

    def blind(self, text: str, *, purpose: str) -> str:
        """A keyed fingerprint to be stored beside a seal, under the newest key; rotation computes it anew."""
        return _print(self.keys[0][1], text, purpose)

    def blinds(self, text: str, *, purpose: str) -> list[str]:
        """The fingerprint under every key, to look up by: nothing is missed while keys rotate."""
        return [_print(key, text, purpose) for _, key in self.keys]

    def lasting(self, text: str, *, purpose: str) -> str:
        """A fingerprint that stays when DATA_KEY changes; for what is random, or forgotten within days."""
        return _print(self.root, text, purpose)

    def wrap(self, plain: bytes, *, purpose: str) -> str:
        """What somebody is handed to bring back, and can neither read nor change; safe in a URL.

        Equal bytes give equal texts, so that a page that has not changed stays the same page.
        """
        return _text_of(self._wrapping[0].encrypt(plain, [purpose.encode()]))

    def unwrap(self, text: str, *, purpose: str) -> bytes:
        """What `wrap` was given, under whichever key. Raises Unreadable for all that it did not make for this purpose."""
        sealed = _bytes_of(text)
        for key in self._wrapping:
            with suppress(InvalidTag):
                return key.decrypt(sealed, [purpose.encode()])
        raise Unreadable(purpose)

    @cached_property
    def _wrapping(self) -> tuple[AESSIV, ...]:
        """Made from the keys, never the keys themselves; AES-SIV needs no nonce that could come twice."""
        return tuple(AESSIV(hmac.digest(key, b"wrap", "sha512")) for _, key in self.keys)


def root_of(secret_key: str) -> bytes:
    """The key of lasting prints, which only SECRET_KEY gives."""
    return hashlib.sha256(f"lasting:{secret_key}".encode()).digest()


def _print(key: bytes, text: str, purpose: str) -> str:
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def _text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes_of(text: str) -> bytes:
    """The bytes of exactly one text: base 64 alone would let its last character be changed unnoticed."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as fault:
        raise Unreadable("no base 64") from fault
    if _text_of(raw) != text:
        raise Unreadable("another spelling")
    return raw


def vault() -> Vault:
    """The running application's vault."""
    found: Vault = current_app.extensions["vault"]
    return found
