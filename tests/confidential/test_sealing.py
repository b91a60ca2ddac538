"""Seals: by the letters of RFC 9180, bound to their report, opened by nobody without the key."""

import json
from base64 import b64decode, b64encode

import pytest
from cryptography.exceptions import InvalidTag

from server.confidential.sealing import BLOCK, info, is_keyed, read_public, seal, unseal, words_bytes
from server.core.crypto import Unreadable
from server.core.errors import Invalid
from tests.confidential.plain_hpke import opened, point_of, private_key, schedule

RFC = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skRm": "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
    "enc": "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403c"
    "e65c9bfcb9382657222d18c4",
    "key": "868c066ef58aae6dc589b6cfdd18f97e",
    "base_nonce": "4e0bc5018beba4bf004cca59",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "aad": "436f756e742d30",
    "ct": "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434",
}
"""RFC 9180, A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, first message."""
VECTOR = {name: bytes.fromhex(text) for name, text in RFC.items()}
NO = "YS261118-7K2QM"


def pair(seed=b"\x07" * 32):
    key = private_key(seed)
    return key, read_public(b64encode(point_of(key)).decode())


def test_our_reading_of_the_rfc_gives_the_rfcs_own_example():
    key = private_key(VECTOR["skRm"])
    assert schedule(VECTOR["enc"], key, VECTOR["info"], 1) == (VECTOR["key"], VECTOR["base_nonce"])
    sealed = VECTOR["enc"] + VECTOR["ct"]
    assert opened(sealed, key, info=VECTOR["info"], aad=VECTOR["aad"], aead=1) == VECTOR["pt"]


def test_what_the_server_seals_opens_by_the_letters_of_the_rfc(app):
    key, public = pair()
    sealed = seal("某人".encode(), public, no=NO, part="content")
    scheme, kid, data = sealed.split(".")
    assert (scheme, kid) == ("hpke", public.kid)
    assert opened(b64decode(data), key, info=info(NO, "content")).decode() == "某人"


@pytest.mark.parametrize("part", ["words", "photo/1", ""])
def test_a_seal_cannot_be_moved_to_another_report_or_part(app, part):
    key, public = pair()
    data = b64decode(seal(b"x", public, no=NO, part="content").split(".")[2])
    for moved in (info(NO, part), info("YS261118-22222", "content")):
        with pytest.raises(InvalidTag):
            opened(data, key, info=moved)
    vaulted = seal(b"x", None, no=NO, part="content")
    assert unseal(vaulted, no=NO, part="content") == b"x"
    with pytest.raises(Unreadable):
        unseal(vaulted, no=NO, part=part)


def test_without_the_private_key_nothing_opens(app):
    _, public = pair()
    sealed = seal(b"x", public, no=NO, part="content")
    assert is_keyed(sealed)
    with pytest.raises(Unreadable):
        unseal(sealed, no=NO, part="content")
    with pytest.raises(InvalidTag):
        opened(b64decode(sealed.split(".")[2]), private_key(b"\x08" * 32), info=info(NO, "content"))


def test_equal_words_give_unequal_seals_of_equal_length(app):
    _, public = pair()
    seals = [
        seal(words_bytes({"text": text}), public, no=NO, part="words") for text in ("短", "短", "长" * 99)
    ]
    assert len(set(seals)) == 3
    assert len({len(one) for one in seals}) == 1
    assert len(words_bytes({"text": "长" * 999})) % BLOCK == 0
    assert json.loads(words_bytes({"text": "短"})) == {"text": "短"}


@pytest.mark.parametrize(
    "text",
    ["", "zz", "键", b64encode(b"\x04" + bytes(64)).decode(), b64encode(bytes(65)).decode(), "A" * 5000],
)
def test_what_is_no_point_of_the_curve_is_refused(text):
    with pytest.raises(Invalid):
        read_public(text)
