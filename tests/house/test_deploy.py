"""What is handed out for deployment agrees with the program: settings, commands, limits, times; and its own tools take it."""

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from granian.cli import cli as granian

from server.core.logs import redact
from server.launch import web_command
from server.settings import Settings
from server.worker.run import GRACE_SECONDS
from tests.conftest import ROOT

DEPLOY = ROOT / "docs/operations/deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
NGINX = DEPLOY / "nginx/mashangban.conf"
ELSEWHERE = {"AWS_REGION", "PATH", "PROMETHEUS_MULTIPROC_DIR", "PYTHONUNBUFFERED"}
"""Read by libraries, not by our settings."""
ARRAY = re.compile(r'\[("[^\]]+")\]')


def containers(found):
    """Every container of the manifests, with the pod it lies in."""
    if isinstance(found, dict):
        for one in found.get("containers", ()):
            yield found, one
        found = list(found.values())
    for one in found if isinstance(found, list) else ():
        yield from containers(one)


MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes/mashangban.yaml").read_text()))
COMPOSE = yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "compose/Dockerfile").read_text()


def commands():
    """Everything that is started anywhere, as lists of words."""
    for unit in UNITS:
        yield from (
            shlex.split(line) for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
        )
    yield json.loads(DOCKERFILE[DOCKERFILE.rindex("CMD ") + 4 :])
    yield from (one["command"] for one in COMPOSE["services"].values() if "command" in one)
    yield from (one["command"] for _, one in containers(MANIFESTS) if "command" in one)


def test_every_command_that_is_started_exists_with_its_options(application):
    started = [[word.replace("%i", "8001") for word in words] for words in commands()]
    assert len(started) > 8
    for program, *words in started:
        if program.endswith("granian"):
            context = granian.make_context("granian", list(words))
            assert context.params["blocking_threads"] == 2
            assert web_command("wsgi:app", 8001, host="x")[5:6] == ["wsgi:app"]
        else:
            assert program.endswith("flask"), program
            assert words[:2] == ["--app", "wsgi"]
            command, rest = application.cli, words[2:]
            while hasattr(command, "get_command"):
                command = command.get_command(None, rest.pop(0))
            command.make_context("x", rest)


def test_every_setting_that_is_named_exists():
    named = set(MANIFESTS[0]["data"]) | set(re.findall(r"(?:^ENV| ) ?([A-Z_]+)=", DOCKERFILE))
    for unit in UNITS:
        named |= set(re.findall(r"^Environment=(\w+)=", unit.read_text(), re.MULTILINE))
    assert named - {one.name.upper() for one in fields(Settings)} <= ELSEWHERE


def test_whoever_stops_a_process_waits_for_what_it_is_doing():
    for unit in (one for one in UNITS if "@" in one.name):
        text = unit.read_text()
        waits = int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[1])
        ends = re.search(r"--workers-kill-timeout (\d+)", text)
        assert waits > (int(ends[1]) if ends else GRACE_SECONDS)
    for pod, one in containers(MANIFESTS):
        if one["name"] in {"web", "work"}:
            assert pod["terminationGracePeriodSeconds"] > max(GRACE_SECONDS, 45)
    assert int(COMPOSE["services"]["web"]["stop_grace_period"].rstrip("s")) > max(GRACE_SECONDS, 45)


def test_the_proxy_takes_what_the_program_takes_and_logs_no_credentials(application):
    text = NGINX.read_text()
    most = application.config["MAX_CONTENT_LENGTH"] // 2**20
    assert f"client_max_body_size    {most}m;" in text
    assert f"proxy-body-size: {most}m" in (DEPLOY / "kubernetes/mashangban.yaml").read_text()
    doors = re.search(r"msb_door>([\w/|]+)\)", text)[1].split("|")
    assert {"e", "r", "c", "d", "invite", "api/v1/reports"} <= set(doors)
    for door in doors:
        secret = "A" * 30
        assert secret not in redact(f"/{door}/{secret}")
    assert "$args" not in text
    assert not re.search(r"log_format[^;]*(\$request |\$request_uri|\$http_referer)", text)
    servers = text.split("\nserver {")[1:]
    assert all(re.search(r"^    access_log (off| ?/\S+ mashangban);", one, re.MULTILINE) for one in servers)
    assert text.count("-error.log emerg;") == len(servers), (
        "every line of an error log holds the whole address"
    )
    assert text.count("proxy_cache ") == 1, "only /static/ is cached"
    again = re.findall(r"location ([^{]+) {[^}]*non_idempotent", text)
    assert again == ["= /api/v1/reports"], "the one call whose key is demanded may be sent again"
    answers = {rule.rule for rule in application.url_map.iter_rules()}
    assert {"/healthz", "/readyz", "/api/v1/reports"} <= answers


def test_only_what_changes_tables_or_copies_them_knows_the_owner_s_address():
    composed = {name for name, one in COMPOSE["services"].items() if "owner.env" in one.get("env_file", ())}
    pods = {one["name"] for _, one in containers(MANIFESTS) if "mashangban-owner" in json.dumps(one)}
    assert composed == pods == {"migrate", "backup"}


def test_photos_and_the_database_are_on_volumes_and_ports_are_those_that_listen():
    services = COMPOSE["services"]
    mounted = {one.split(":")[0] for service in services.values() for one in service.get("volumes", ())}
    assert {*COMPOSE["volumes"]} <= mounted
    assert "EXPOSE 8000" in DOCKERFILE
    assert "127.0.0.1:8000/readyz" in services["web"]["healthcheck"]["test"][-1]
    web = next(one for _, one in containers(MANIFESTS) if one["name"] == "web")
    assert web["ports"][0]["containerPort"] == 8000
    for name in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / name).exists(), name


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        text = re.sub(r"/opt/mashangban/.venv/bin/\w+", shutil.which("true"), unit.read_text())
        (tmp_path / unit.name.replace("@.", "@8001.")).write_text(text)
    names = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "mashangban" not in done.stderr


def self_signed(folder):
    """A certificate for nobody, so that nginx has one to read."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wy.example.gov.cn")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begins).not_valid_after(begins + timedelta(days=9999))
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "mashangban.crt").write_bytes(certificate)
    (folder / "mashangban.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx here")
def test_nginx_takes_the_configuration(tmp_path):
    self_signed(tmp_path)
    text = NGINX.read_text()
    for place in ("/etc/nginx/tls", "/var/log/nginx", "/var/cache/nginx"):
        text = text.replace(place, str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    done = subprocess.run(
        ["nginx", "-t", "-q", "-e", str(tmp_path / "log"), "-c", str(whole)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
