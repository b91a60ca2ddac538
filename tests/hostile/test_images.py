"""Hostile picture files: two clean pictures come of each, or nothing."""

import json
import subprocess
import sys
from contextlib import suppress
from io import BytesIO

import pytest

from server.core.errors import Invalid, TooLarge
from server.photos.intake import FULL, THUMB, take_in
from tests.hostile.image_parts import MARK
from tests.hostile.images import all_images, marked, polyglots, refused_kinds, reopened

SECONDS, MEGABYTES, AT_LEAST = 2.0, 300, 100
KEPT = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
TAILS = (b"<?php", b"<script", b"PK\x03\x04", b"%PDF")
SAMPLE = [*marked(), *polyglots(), *refused_kinds()]


def check_clean(name, sent, stored, longest):
    """A stored picture is new bytes, small enough, and says nothing but its pixels."""
    assert stored != sent, name
    assert MARK not in stored, name
    assert not any(tail in stored for tail in TAILS), name
    image = reopened(stored)
    assert image.format == "JPEG", name
    assert max(image.size) <= longest, name
    assert set(image.info) <= KEPT, (name, image.info)
    assert not image.getexif(), name
    assert stored.endswith(b"\xff\xd9"), name


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(("name", "data"), SAMPLE, ids=[name for name, _ in SAMPLE])
def test_a_hostile_picture_is_refused_or_made_anew(name, data):
    with suppress(Invalid, TooLarge):
        taken = take_in(data)
        check_clean(name, data, taken.full, FULL)
        check_clean(name, data, taken.thumb, THUMB)


@pytest.mark.parametrize(("name", "data"), list(refused_kinds()), ids=[name for name, _ in refused_kinds()])
def test_what_is_no_photo_is_not_taken_under_any_name(client, now, name, data):
    for file_name, kind in (("a.jpg", "image/jpeg"), ("../../etc/a.png", "image/png"), ("漏水.jpg", "x/y")):
        answer = client.post("/api/v1/photos", data={"file": (BytesIO(data), file_name, kind)})
        assert answer.status_code in {413, 422}, (name, answer.status_code)
        assert answer.json["detail"]


@pytest.mark.hostile
def test_every_hostile_picture_is_cheap_and_leaves_nothing():
    files = all_images()
    assert len(files) >= AT_LEAST
    slowest, largest, taken = 0.0, 0.0, 0
    for name, data in files:
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.measure"], input=data, capture_output=True, check=False
        )
        assert done.returncode == 0, (name, done.stderr.decode()[-500:])
        said = json.loads(done.stdout)
        assert said["seconds"] < SECONDS, (name, said["seconds"])
        assert said["megabytes"] < MEGABYTES, (name, said["megabytes"])
        slowest, largest = max(slowest, said["seconds"]), max(largest, said["megabytes"])
        taken += "taken" in said
        for stored, longest in zip(said.get("taken", []), (FULL, THUMB), strict=False):
            check_clean(name, data, bytes.fromhex(stored), longest)
    print(
        json.dumps({"pictures": len(files), "made anew": taken, "CPU seconds": slowest, "megabytes": largest})
    )
