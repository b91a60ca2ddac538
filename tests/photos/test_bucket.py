"""The S3 wire as a store on this machine sees it."""

import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.core.errors import NotFound, Unavailable
from server.photos.store import open_store

KEYS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up-too", "AWS_REGION": "cn-test"}


class Shelf(BaseHTTPRequestHandler):
    """As much of S3 as three methods need; refuses whoever does not sign, and bytes other than those signed."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b""):
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256"):
            status, body = 403, b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = "x-amz-content-sha256" in self.headers["Authorization"]
        if not signed or self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return self.answer(400)
        self.server.shelf[self.path] = body
        return self.answer(200)

    def do_GET(self):
        found = self.server.shelf.get(self.path)
        self.answer(200 if found is not None else 404, found or b"")

    def do_POST(self):
        """Delete by list, the only way obstore deletes."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        key = asked.split("<Key>")[1].split("</Key>")[0]
        self.server.shelf.pop(f"/photos/{key}", None)
        done = f"<DeleteResult><Deleted><Key>{key}</Key></Deleted></DeleteResult>"
        self.answer(200, done.encode())

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture
def shop():
    before = {name: os.environ.get(name) for name in KEYS}
    os.environ.update(KEYS)
    with ThreadingHTTPServer(("127.0.0.1", 0), Shelf) as server:
        server.shelf = {}
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    for name, value in before.items():
        os.environ.pop(name)
        if value is not None:
            os.environ[name] = value


def store_at(server):
    return open_store(
        "s3://photos/county", endpoint=f"http://127.0.0.1:{server.server_port}", path_style=True
    )


def test_photos_go_to_the_bucket_under_its_prefix_and_come_back(shop):
    store = store_at(shop)
    store.put("ab12/1600.jpg", b"\xff\xd8photo")
    assert list(shop.shelf) == ["/photos/county/ab12/1600.jpg"]
    assert store.open("ab12/1600.jpg") == b"\xff\xd8photo"
    store.delete("ab12/1600.jpg")
    store.delete("ab12/1600.jpg")
    assert shop.shelf == {}
    with pytest.raises(NotFound):
        store.open("ab12/1600.jpg")


@pytest.mark.parametrize("act", ["put", "open", "delete"])
def test_a_store_that_is_away_is_unavailable_in_kind_words(shop, act):
    store = store_at(shop)
    shop.socket.close()
    with pytest.raises(Unavailable, match="报修内容不受影响"):
        getattr(store, act)("a.jpg", *([b"x"] if act == "put" else []))
