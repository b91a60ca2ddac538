"""The proxy as it is handed out, run: who is limited, what the refused are told, what its logs hold, whom it finds."""

import http.client
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import EnvironBuilder

from tests.conftest import ROOT
from tests.house.test_deploy import DEPLOY, NGINX, self_signed

pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx here")
SECRET = "s" * 30
CLIENT, ANOTHER = "203.0.113.7", "203.0.113.8"
README = (DEPLOY / "README.md").read_text()


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def upstream(address="127.0.0.1", port=0):
    """A web process that says its own address and what the proxy told it."""

    class Said(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            found = {"from": address, "xff": self.headers.get("X-Forwarded-For", ""), "path": self.path}
            body = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer((address, port), Said)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


class Proxy:
    """A running nginx of the configuration, asked over TLS."""

    def __init__(self, folder, text):
        self.folder, self.port = folder, free_port()
        self_signed(folder)
        for place in ("/etc/nginx/tls", "/var/log/nginx", "/var/cache/nginx"):
            text = text.replace(place, str(folder))
        text = re.sub(r"^ +listen \[::\].*$", "", text, flags=re.MULTILINE)
        text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{self.port} ssl;")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        whole = folder / "nginx.conf"
        whole.write_text(
            f"{user}pid {folder}/pid;\ndaemon off;\nworker_processes 1;\nevents {{}}\nhttp {{\n{temporary}{text}\n}}\n"
        )
        self.process = subprocess.Popen(["nginx", "-e", str(folder / "log"), "-c", str(whole)])
        self._wait()

    def _wait(self):
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        pytest.fail((self.folder / "log").read_text())

    def ask(self, path, *, method="GET", body=None, **headers):
        """Status, headers and body of one answer."""
        link = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=ssl._create_unverified_context(), timeout=20
        )
        told = {"Host": "wy.example.gov.cn"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        link.request(method, path, body=body, headers=told)
        answer = link.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read().decode()
        link.close()
        return found

    def end(self):
        """Stop it, and wait until its logs are written."""
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def nginx(tmp_path):
    """Makes proxies of the configuration as changed, and ends them."""
    made = []

    def make(text):
        made.append(Proxy(tmp_path, text))
        return made[-1]

    yield make
    for one in made:
        one.end()


def at(port, *, few=False, trusted=False):
    """The configuration for one web process; with a limit that is met soon; behind a balancer that is this test."""
    text = NGINX.read_text().replace("server 127.0.0.1:8002 max_fails=0;", "")
    text = text.replace("127.0.0.1:8001", f"127.0.0.1:{port}")
    if few:
        text = text.replace("rate=100r/s", "rate=1r/m").replace("burst=400 nodelay", "burst=1 nodelay")
    if trusted:
        text = text.replace("#set_real_ip_from 10.0.0.5;", "set_real_ip_from 127.0.0.1;")
        text = text.replace("#real_ip_header", "real_ip_header")
    return text


def seen_as(forwarded, *, hops):
    """Whom the program takes for the sender."""
    seen = []
    app = ProxyFix(lambda environ, _: seen.append(environ["REMOTE_ADDR"]) or [], x_for=hops, x_proto=0)
    told = EnvironBuilder(headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    app(told.get_environ(), lambda *_: None)
    return seen[0]


@pytest.mark.parametrize("claimed", ["", "198.51.100.1, "])
def test_behind_a_balancer_each_client_has_a_limit_of_his_own_and_one_hop_finds_him(nginx, claimed):
    with upstream() as port:
        proxy = nginx(at(port, few=True, trusted=True))
        seen = [proxy.ask("/e/x", X_Forwarded_For=claimed + CLIENT) for _ in range(4)]
        assert [one[0] for one in seen] == [200, 200, 429, 429]
        assert proxy.ask("/e/x", X_Forwarded_For=claimed + ANOTHER)[0] == 200
        assert seen_as(json.loads(seen[0][2])["xff"], hops=1) == CLIENT
    assert "PROXY_HOPS 仍是 1" in NGINX.read_text()


def test_without_a_balancer_one_hop_finds_the_client_whatever_he_claims(nginx):
    with upstream() as port:
        said = json.loads(nginx(at(port)).ask("/e/x", X_Forwarded_For=CLIENT)[2])
    assert seen_as(said["xff"], hops=1) == "127.0.0.1"


@pytest.mark.parametrize("path", ["/api/v1/reports", "/api/v1/feed", "/e/x"])
def test_whoever_is_limited_is_told_when_to_come_back_and_programs_in_their_own_words(nginx, path):
    with upstream() as port:
        proxy = nginx(at(port, few=True))
        status, headers, body = [proxy.ask(path) for _ in range(3)][-1]
    assert (status, headers["Retry-After"]) == (429, "5")
    if path.startswith("/api/"):
        assert headers["Content-Type"] == "application/problem+json"
        found = json.loads(body)
        assert (found["status"], found["code"]) == (429, "too_many")
        assert found.keys() == {"type", "title", "status", "code", "detail", "errors"}
    else:
        assert "请过几秒再试" in body


def test_no_log_of_the_proxy_holds_a_credential_when_it_limits_or_finds_nobody_or_has_no_room(
    nginx, tmp_path
):
    proxy = nginx(at(1, few=True))
    assert [proxy.ask(f"/d/{SECRET}?k={SECRET}")[0] for _ in range(3)] == [503, 503, 429]
    proxy.end()
    proxy = nginx(at(1))
    shutil.rmtree(tmp_path / "client_body")
    assert proxy.ask(f"/d/{SECRET}", method="POST", body=b"x" * 600_000)[0] == 500
    proxy.end()
    logs = [path for path in tmp_path.iterdir() if path.suffix == ".log" or path.name == "log"]
    assert " /d/" in (tmp_path / "mashangban.log").read_text()
    assert [path.name for path in logs if SECRET in path.read_text()] == []
    assert NGINX.read_text().count("error_log ") == 2
    assert 'enable-access-log: "false"' in (DEPLOY / "kubernetes/mashangban.yaml").read_text()


def test_figures_are_shown_by_port_and_only_to_who_is_allowed(nginx):
    with upstream() as port:
        ways = at(port).replace("800[12]|910[12]", f"{port}")
        proxy = nginx(ways.replace("allow 127.0.0.1;", "allow 10.9.9.9;").replace("#allow 10.0.0.6", "#"))
        assert proxy.ask(f"/metrics/{port}")[0] == 403
        assert proxy.ask("/metrics")[0] == 404
        proxy.end()
        found = nginx(ways).ask(f"/metrics/{port}")
    assert json.loads(found[2])["path"] == "/metrics"


class Names(threading.Thread):
    """A resolver that answers every question with one address, as Docker's does for a service."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address = address
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        """Answer until the test is over."""
        while True:
            question, asker = self.socket.recvfrom(512)
            end = question.index(b"\0", 12) + 5
            head = question[:2] + b"\x81\x80\0\1\0\1\0\0\0\0"
            answer = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(self.address)
            self.socket.sendto(head + question[12:end] + answer, asker)


def test_compose_finds_web_containers_that_an_upgrade_has_put_elsewhere(nginx, tmp_path):
    command = re.search(r"^sed .*(?= > mashangban\.conf$)", README, re.MULTILINE)[0]
    folder = DEPLOY / "compose"
    made = subprocess.run(shlex.split(command), cwd=folder, capture_output=True, text=True, check=True).stdout
    assert "upstream mashangban" not in made
    names, port = Names("127.0.0.2"), free_port()
    made = made.replace("127.0.0.11 valid=5s", f"127.0.0.1:{names.port} valid=1s").replace(
        ":8000", f":{port}"
    )
    with upstream("127.0.0.2", port):
        proxy = nginx(made)
        assert json.loads(proxy.ask("/e/x")[2])["from"] == "127.0.0.2"
    names.address = "127.0.0.3"
    with upstream("127.0.0.3", port):
        time.sleep(2.1)
        paths = ["/e/x", "/api/v1/feed", "/api/v1/reports", "/static/x"]
        assert {json.loads(proxy.ask(path)[2])["from"] for path in paths} == {"127.0.0.3"}
        assert json.loads(proxy.ask("/e/x?a=b")[2])["path"] == "/e/x?a=b"


def test_each_process_that_counts_is_scraped_at_a_port_of_its_own():
    scraped = (ROOT / "docs/operations/monitoring/prometheus.yml").read_text()
    ports = set(re.findall(r"127\.0\.0\.1:(\d+)", scraped))
    started = set(
        re.findall(r"mashangban-(?:web|work)@(\d+)", README.split("systemctl enable --now")[1].split("\n")[0])
    )
    assert ports == {one if len(one) > 1 else f"910{one}" for one in started}
    shown = re.search(r"msb_port>(\S+)\)\$", NGINX.read_text())[1]
    assert all(re.fullmatch(shown, port) for port in ports)
    for name in ("web", "work"):
        unit = (DEPLOY / f"systemd/mashangban-{name}@.service").read_text()
        assert f"RuntimeDirectory=mashangban-{name}-%i\n" in unit
        assert f"Environment=PROMETHEUS_MULTIPROC_DIR=/run/mashangban-{name}-%i\n" in unit
    assert "PROMETHEUS_MULTIPROC_DIR=/tmp/" in (DEPLOY / "compose/Dockerfile").read_text()
    for place in ("compose/compose.yaml", "kubernetes/mashangban.yaml"):
        assert re.search(r'WORKER_METRICS.*"0\.0\.0\.0:9109"', (DEPLOY / place).read_text())
    assert "9109" in scraped


def test_every_command_of_the_guide_runs_as_the_service():
    told = re.findall(
        r"^.*flask --app wsgi .*$", "".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)), re.MULTILINE
    )
    assert len(told) >= 2
    assert all(line.startswith("runuser -u mashangban -- ") for line in told)
