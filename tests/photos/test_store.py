"""One contract for every place photos are kept in."""

import resource

import obstore.store
import pytest

from server.core.errors import NotFound, Unavailable
from server.photos.bucket import S3Store
from server.photos.folder import LocalStore
from server.photos.store import MemoryStore, open_store


@pytest.fixture(params=["folder", "memory", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return LocalStore(tmp_path / "photos")
    return MemoryStore() if request.param == "memory" else S3Store(obstore.store.MemoryStore())


def test_what_was_put_is_what_is_opened(store):
    store.put("ab12/1600.jpg", b"\xff\xd8photo")
    store.put("ab12/320.jpg", b"")
    assert store.open("ab12/1600.jpg") == b"\xff\xd8photo"
    assert store.open("ab12/320.jpg") == b""


def test_a_second_put_takes_the_place_of_the_first(store):
    store.put("k.jpg", b"long long first")
    store.put("k.jpg", b"second")
    assert store.open("k.jpg") == b"second"


def test_what_is_not_there_is_not_found_before_and_after_deletion(store):
    with pytest.raises(NotFound, match="不在了"):
        store.open("k.jpg")
    store.put("k.jpg", b"x")
    store.delete("k.jpg")
    with pytest.raises(NotFound):
        store.open("k.jpg")


def test_deleting_twice_is_no_fault(store):
    store.put("k.jpg", b"x")
    store.delete("k.jpg")
    store.delete("k.jpg")


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "a/../b", ".hidden", "a//b", "a\\b", "漏水.jpg", "a\n"]
)
@pytest.mark.parametrize("act", ["put", "open", "delete"])
def test_a_key_that_is_no_plain_name_is_a_programming_fault(store, key, act):
    with pytest.raises(ValueError, match="photo key"):
        getattr(store, act)(key, *([b"x"] if act == "put" else []))


def test_a_folder_never_shows_anything_but_whole_photos(tmp_path):
    store = LocalStore(tmp_path)
    for turn in range(5):
        store.put("a/b.jpg", bytes([turn]) * 4096)
        assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.jpg"]


def test_a_folder_that_refuses_leaves_nothing_behind_and_says_so_kindly(tmp_path):
    (tmp_path / "taken").write_text("a file where a folder is wanted")
    with pytest.raises(Unavailable, match="报修内容不受影响"):
        LocalStore(tmp_path).put("taken/photo.jpg", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.fixture
def room_for_1000_bytes():
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("room_for_1000_bytes")
def test_a_disk_that_takes_only_a_part_keeps_the_old_photo_and_no_half_one(tmp_path):
    store = LocalStore(tmp_path)
    store.put("photo.jpg", b"old")
    with pytest.raises(Unavailable, match="稍后再传"):
        store.put("photo.jpg", bytes(5000))
    assert store.open("photo.jpg") == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_photo_store_names_a_folder_a_bucket_or_memory(tmp_path):
    assert isinstance(open_store((tmp_path / "照片").as_uri()), LocalStore)
    assert isinstance(open_store("memory:"), MemoryStore)
    bucket = open_store("s3://photos/county?x=1", endpoint="http://127.0.0.1:9000", path_style=True)
    assert isinstance(bucket, S3Store)


def test_the_folder_of_a_file_address_is_decoded(tmp_path):
    store = open_store((tmp_path / "照 片").as_uri())
    store.put("a.jpg", b"x")
    assert (tmp_path / "照 片" / "a.jpg").read_bytes() == b"x"


@pytest.mark.parametrize(
    "url", ["", "/var/photos", "file://", "file:///", "file://host/x", "s3://", "ftp://x/y"]
)
def test_any_other_address_is_refused(url):
    with pytest.raises(ValueError, match="PHOTO_STORE"):
        open_store(url)
