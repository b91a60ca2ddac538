"""Sealing what is confidential: to the body's own public key (HPKE, RFC 9180), or under DATA_KEY where it has set none.

Suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode, one message a seal: `enc || ciphertext`. P-256,
because every browser's WebCrypto has it. `info` binds a seal to its report and its part, so that none can be moved.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from server.core.crypto import Unreadable, vault
from server.core.errors import Invalid

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
POINT = 65
"""Bytes of an uncompressed point of P-256."""
BLOCK = 1024
"""Words are filled up to a multiple of this, so that a seal's length tells little."""
KEYED, VAULTED = "hpke", "vault"


@dataclass(frozen=True)
class PublicKey:
    """A body's public key and the name that its seals carry."""

    kid: str
    point: bytes


def read_public(text: str) -> PublicKey:
    """A public key as the body's browser sends it: the uncompressed point in base64. Raises Invalid."""
    try:
        point = b64decode(text, validate=True)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        point = b""
    if len(point) != POINT:
        raise Invalid("这不是一把可用的公钥，请重新生成。", fields={"public_key": "请重新生成密钥"})
    return PublicKey(kid_of(point), point)


def kid_of(point: bytes) -> str:
    """The name of a key: the first 64 bits of its SHA-256 in hexadecimal."""
    return sha256(point).hexdigest()[:16]


def info(no: str, part: str) -> bytes:
    """What binds a seal to its report and part."""
    return f"mashangban/1/{no}/{part}".encode()


def seal(data: bytes, key: PublicKey | None, *, no: str, part: str) -> str:
    """`hpke.<kid>.<base64>` or `vault.<seal>`; equal data give unequal seals."""
    if key is None:
        return f"{VAULTED}.{vault().seal(_bound(data, no, part))}"
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.point)
    sealed = SUITE.encrypt(data, point, info(no, part))
    return f"{KEYED}.{key.kid}.{b64encode(sealed).decode()}"


def unseal(sealed: str, *, no: str, part: str) -> bytes:
    """What DATA_KEY opens. Raises Unreadable for a seal to a body's key, for a moved or an altered one."""
    scheme, _, rest = sealed.partition(".")
    if scheme != VAULTED:
        raise Unreadable(scheme)
    try:
        there = json.loads(vault().open(rest))
    except (InvalidTag, ValueError) as fault:
        raise Unreadable(scheme) from fault
    if there["for"] != info(no, part).decode():
        raise Unreadable("moved")
    return b64decode(there["data"])


def seal_key(sealed: str) -> str:
    """Which of DATA_KEY's keys opens a seal of ours."""
    return sealed.split(".")[1]


def again(sealed: str) -> str:
    """The same under the newest of DATA_KEY's keys; it stays bound to its report and part."""
    return f"{VAULTED}.{vault().seal(vault().open(sealed.removeprefix(f'{VAULTED}.')))}"


def is_keyed(sealed: str | None) -> bool:
    """Whether only the body's private key opens it."""
    return (sealed or "").startswith(f"{KEYED}.")


def _bound(data: bytes, no: str, part: str) -> str:
    return json.dumps({"for": info(no, part).decode(), "data": b64encode(data).decode()})


def words_bytes(words: Mapping[str, Any]) -> bytes:
    """Words as JSON, filled up with spaces to whole blocks."""
    data = json.dumps(words, ensure_ascii=False).encode()
    return data + b" " * (-len(data) % BLOCK)
