"""The archive command that the guide hands out, run as PostgreSQL runs it."""

import gzip
import re
import subprocess

import pytest

from bench import rewind
from tests.conftest import ROOT

TOLD = re.search(
    r"^archive_command = '(.*)'$", (ROOT / "docs/operations/backup.md").read_text(), re.MULTILINE
)[1]
SEGMENT = "000000010000000000000007"


@pytest.fixture
def archive(tmp_path):
    """Archives a segment of this content; the command's exit."""
    (tmp_path / "wal").mkdir()

    def run(content):
        (tmp_path / SEGMENT).write_bytes(content)
        command = TOLD.replace("/备份盘/wal", str(tmp_path / "wal"))
        command = command.replace("%p", SEGMENT).replace("%f", SEGMENT)
        return subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False).returncode

    return run


def kept(folder):
    """What lies in the archive, by name."""
    return {path.name: gzip.decompress(path.read_bytes()) for path in (folder / "wal").iterdir()}


def test_a_segment_that_was_kept_before_a_crash_is_kept_again_and_nothing_stalls(archive, tmp_path):
    assert [archive(b"one" * 999) for _ in range(2)] == [0, 0]
    assert kept(tmp_path) == {f"{SEGMENT}.gz": b"one" * 999}


def test_another_segment_of_the_same_name_is_refused_and_the_first_stays(archive, tmp_path):
    archive(b"one")
    assert archive(b"two") != 0
    assert archive(b"one and more") != 0
    assert kept(tmp_path) == {f"{SEGMENT}.gz": b"one"}


def test_half_a_segment_left_by_a_crash_is_in_nobodys_way(archive, tmp_path):
    (tmp_path / "wal" / f".{SEGMENT}").write_bytes(b"half")
    assert archive(b"whole") == 0
    assert kept(tmp_path) == {f"{SEGMENT}.gz": b"whole"}


def test_a_damaged_file_is_not_taken_for_the_segment(archive, tmp_path):
    archive(b"one" * 999)
    path = tmp_path / "wal" / f"{SEGMENT}.gz"
    path.write_bytes(path.read_bytes()[:20])
    assert archive(b"one" * 999) != 0


def test_what_is_tried_is_what_is_told():
    assert TOLD.replace("/备份盘/wal", str(rewind.ARCHIVE)) == rewind.KEEP_WAL
    assert "sync" in TOLD
