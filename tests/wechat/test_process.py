"""The sandbox as a process of its own, as `make run` starts it."""

import subprocess
import sys
from pathlib import Path
from random import Random

import requests

from server.wechat.sandbox.demo import robot_key


def run(port: int, state: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", "-m", "server.wechat.sandbox", "--port", str(port)]
    return subprocess.Popen([*command, "--state", str(state)], stdout=subprocess.PIPE, text=True)


def test_a_second_run_still_has_the_phones_messages(tmp_path: Path) -> None:
    port, state = Random().randrange(20000, 32000), tmp_path / "phones.json"
    base = f"http://127.0.0.1:{port}"
    for expected in (1, 2):
        process = run(port, state)
        with process:
            assert process.stdout is not None
            assert f":{port}/_sandbox/" in process.stdout.readline()
            body = {"msgtype": "text", "text": {"content": f"第{expected}次"}}
            requests.post(f"{base}/cgi-bin/webhook/send?key={robot_key()}", json=body, timeout=5)
            phone = requests.get(f"{base}/_sandbox/api/phones/{robot_key()}", timeout=5).json()
            process.terminate()
        assert len(phone["messages"]) == expected
