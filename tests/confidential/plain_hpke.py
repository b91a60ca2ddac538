"""HPKE opened by the letters of RFC 9180, on primitives alone: what the server seals is held against it."""

import hmac as mac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM = b"KEM\x00\x10"
KEYS = {1: 16, 2: 32}
"""AEAD → bytes of its key."""


def extract(suite, salt, label, ikm):
    return mac.new(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, sha256).digest()


def expand(suite, prk, label, info, length):
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return mac.new(prk, labelled + b"\x01", sha256).digest()[:length]


def private_key(scalar):
    return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())


def point_of(key):
    numbers = key.public_key().public_numbers()
    return b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def schedule(enc, key, info, aead):
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc)
    dh = key.exchange(ec.ECDH(), theirs)
    shared = expand(KEM, extract(KEM, b"", b"eae_prk", dh), b"shared_secret", enc + point_of(key), 32)
    suite = b"HPKE\x00\x10\x00\x01" + aead.to_bytes(2, "big")
    context = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, shared, b"secret", b"")
    return expand(suite, secret, b"key", context, KEYS[aead]), expand(
        suite, secret, b"base_nonce", context, 12
    )


def opened(sealed, key, *, info, aad=b"", aead=2):
    """The message in `enc || ciphertext`."""
    made, nonce = schedule(sealed[:65], key, info, aead)
    return AESGCM(made).decrypt(nonce, sealed[65:], aad)
