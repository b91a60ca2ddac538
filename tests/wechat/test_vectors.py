"""The official vectors: client and sandbox each agree with Tencent's own numbers, not only with each other."""

import json

import pytest

from server.wechat.sandbox.cipher import seal, sign, unseal
from server.wechat.sdk import decrypt, jsapi_signature, signature, signed
from tests.wechat.vectors import OFFICIAL, OURS, Sealed

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://mp.weixin.qq.com", "f4d90daf4b3bca3078ab155816175ba34c443a7b"),
        ("http://mp.weixin.qq.com?params=value", "0f9de62fce790f9a083d5c99e95740ceb90c27ed"),
    ],
)
def test_a_page_is_signed_as_the_documentation_signs_it(url: str, expected: str) -> None:
    assert jsapi_signature(ticket=TICKET, nonce="Wm3WZYTPz0wzccnW", timestamp=1414587457, url=url) == expected


@pytest.mark.parametrize(
    ("stamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_a_callback_is_signed_as_the_documentation_signs_it(stamp: str, nonce: str, expected: str) -> None:
    assert signature("AAAAA", stamp, nonce) == sign("AAAAA", stamp, nonce) == expected
    assert signed(expected, "AAAAA", stamp, nonce)
    assert not signed(expected[:-1] + "0", "AAAAA", stamp, nonce)


@pytest.mark.parametrize("vector", [OFFICIAL, OURS], ids=["official", "ours"])
def test_a_cipher_opens_to_the_same_words_on_both_sides(vector: Sealed) -> None:
    opened = decrypt(vector.encrypt, aes_key=vector.aes_key, appid=vector.appid)
    assert unseal(vector.encrypt, aes_key=vector.aes_key) == (opened, vector.appid)
    assert signed(vector.msg_signature, vector.token, vector.stamp, vector.nonce, vector.encrypt)
    assert sign(vector.token, vector.stamp, vector.nonce, vector.encrypt) == vector.msg_signature


def test_the_official_cipher_holds_the_official_event() -> None:
    fields = json.loads(decrypt(OFFICIAL.encrypt, aes_key=OFFICIAL.aes_key, appid=OFFICIAL.appid))
    assert (fields["Event"], fields["debug_str"], fields["CreateTime"]) == (
        "debug_demo",
        "hello world",
        1714112445,
    )


@pytest.mark.parametrize("vector", [OFFICIAL, OURS], ids=["official", "ours"])
def test_the_sandbox_seals_to_the_very_same_bytes(vector: Sealed) -> None:
    text, appid = unseal(vector.encrypt, aes_key=vector.aes_key)
    again = seal(text, aes_key=vector.aes_key, appid=appid, prefix=vector.prefix())
    assert again == vector.encrypt
