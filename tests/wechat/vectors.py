"""Sealed pushes with known content: Tencent's own, and one of ours made apart from this program."""

from base64 import b64decode
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@dataclass(frozen=True)
class Sealed:
    """One encrypted push with everything that belongs to it."""

    token: str
    aes_key: str
    appid: str
    stamp: str
    nonce: str
    msg_signature: str
    encrypt: str

    def prefix(self) -> bytes:
        """The sixteen random bytes at the front of the plain text."""
        key = b64decode(self.aes_key + "=")
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        return decryptor.update(b64decode(self.encrypt))[:16]

    def query(self, **changed: str) -> dict[str, str]:
        """The query that goes with the push."""
        return {
            "timestamp": self.stamp,
            "nonce": self.nonce,
            "encrypt_type": "aes",
            "msg_signature": self.msg_signature,
            **changed,
        }


OFFICIAL = Sealed(
    token="AAAAA",
    aes_key="A" * 43,
    appid="wxba5fad812f8e6fb9",
    stamp="1714112445",
    nonce="415670741",
    msg_signature="046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    encrypt=(
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQq"
        "cvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuM"
        "cp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3"
        "VIYnSeOBrebufAlr7F9mFUPAJGj04="
    ),
)
OURS = Sealed(
    token="estateToken2026",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    appid="wx0123456789abcdef",
    stamp="1760000001",
    nonce="nonce42",
    msg_signature="82496a1aedbd59592a48ff0ab1c17edee1c0a23a",
    encrypt=(
        "Q3stYC6hdFzMh9T8HCvyDEd4X19aUngBgmmmeLA2t8L/0EKb21jPDx1o8FEoRO8TXTbwkxP6kcpaJyCoK7QdLF5NIm"
        "8xdzlm6y7Ddw+eo2+I1hWjO8ZXqeNXYVnUNE4GxlPNNxoqWtXuxMb/8rXgtQTYZqslWtEUHggEpXgkdUOcPAUwc/vx"
        "+h9XWYWBWLukJivtjBDgVkkjKPapdYdNw5WNB6i1DCwhzgjP8eBaTGbl4rS2bjbUrqs5q/5+IJytirETrA5u9N7DQ9"
        "se9KaHEF1ZEtyuMqrwzMWY8lzAx/rHxwuBNa2kUzZxp6WB0jDHkvEahdwLMIt1jBBjibqLA0hSMdLIsAT39n60t8nU"
        "BBzqXqC1QBsMR7/Nt/OpdR5Y16n4k5+uVjBkokHgvphuf8ey+SZ3SvwoneGuSybmH/xoDt3A/lzm+LxOABLVlYJWsZ"
        "jE51Vccjn1/KWYqaIYGMW2wUMxFi//k1IAvzJFEpmj7EafMubHOg7CEZywj1lbs1otcOnY4uAaohSPoOQy5Mkezpj4"
        "/IkoUMaDEHN3CD6dyfUGvtR0nPhpjBEZDkVr0fjNOfieTDPkApDK0Xi/hQ=="
    ),
)
