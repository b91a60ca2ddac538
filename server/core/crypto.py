"""Fields that only we may read: AES-256-GCM with a key id, a blind index for looking them up, and lasting prints."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

NONCE = 12


class Unreadable(Exception):
    """A sealed field that none of our keys opens."""


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


def root_of(secret_key: str) -> bytes:
    """The key of lasting prints, which only SECRET_KEY gives."""
    return hashlib.sha256(f"lasting:{secret_key}".encode()).digest()


def _print(key: bytes, text: str, purpose: str) -> str:
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def vault() -> Vault:
    """The running application's vault."""
    found: Vault = current_app.extensions["vault"]
    return found
