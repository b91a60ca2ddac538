"""WeChat's push cipher and signature, written apart from the client's, so that neither hides the other's mistake."""

import hashlib
import os
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

RANDOM_BYTES, LENGTH_BYTES, BLOCK_BITS = 16, 4, 256


def sign(*parts: str) -> str:
    """SHA-1 in hexadecimal over the parts in order of their bytes."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the wire asks for it


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def seal(text: str, *, aes_key: str, appid: str, prefix: bytes | None = None) -> str:
    """The Encrypt field for a text; `prefix` are its sixteen random bytes."""
    data = text.encode()
    start = (prefix or os.urandom(RANDOM_BYTES)) + len(data).to_bytes(LENGTH_BYTES, "big")
    padder = PKCS7(BLOCK_BITS).padder()
    padded = padder.update(start + data + appid.encode()) + padder.finalize()
    encryptor = _cipher(aes_key).encryptor()
    return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def unseal(encrypt: str, *, aes_key: str) -> tuple[str, str]:
    """Text and appid of an Encrypt field."""
    decryptor = _cipher(aes_key).decryptor()
    padded = decryptor.update(b64decode(encrypt)) + decryptor.finalize()
    unpadder = PKCS7(BLOCK_BITS).unpadder()
    data = unpadder.update(padded) + unpadder.finalize()
    start = RANDOM_BYTES + LENGTH_BYTES
    end = start + int.from_bytes(data[RANDOM_BYTES:start], "big")
    return data[start:end].decode(), data[end:].decode()
