"""A real browser at a real server: committed data, WeChat's user agent, Chinese letters without system fonts."""

import os
import random
import shutil
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from server.app import create_app
from server.core import clock
from server.core.db import db
from server.estates.service import set_buildings, set_emergency_numbers
from tests.conftest import copy_database
from tests.world import World, build

WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; V2206A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F30) "
    "WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64"
)
PHONE = {"width": 375, "height": 812}


@dataclass
class Site:
    """The running product and what is in it."""

    app: Flask
    base: str
    world: World
    codes: dict[str, str]

    def scan(self, estate: str = "ys.hill") -> str:
        """The address that the poster of an estate leads to."""
        return f"{self.base}/e/{self.codes[estate]}"


def serve(app):
    """A threaded server on a free port; the server and its address."""
    for port in random.sample(range(20000, 30000), 20):
        try:
            server = make_server("127.0.0.1", port, app, threaded=True)
        except (OSError, SystemExit):
            continue
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server, f"http://127.0.0.1:{port}"
    raise RuntimeError("no free port")


@pytest.fixture(scope="session")
def site(cluster, template, worker_name, tmp_path_factory, settings):
    """The product on a database of its own, seeded with the small world."""
    owner, application = copy_database(cluster, template, f"live_{worker_name}")
    app = create_app(
        replace(
            settings,
            database_url=application,
            database_owner_url=owner,
            var_dir=str(tmp_path_factory.mktemp("live")),
        )
    )
    server, base = serve(app)
    app.extensions["settings"] = replace(app.extensions["settings"], public_base_url=base)
    with app.app_context():
        world = build(clock.now())
        furnish(world)
        codes = {name: world.code(name) for name in world.estates}
        db.session.commit()
        db.session.remove()
    yield Site(app, base, world, codes)
    server.shutdown()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def furnish(world):
    """What a real estate has: buildings, numbers to call, a person in charge."""
    hill = world.estates["ys.hill"]
    set_buildings(hill, [(f"{number}号楼", 3) for number in range(1, 13)])
    numbers = [("lift_firm", "电梯维保", "0539-2000001"), ("gas", "燃气抢修", "0539-2000002")]
    set_emergency_numbers(hill, numbers, now=world.now)
    project = world.projects["ys.hill"]
    project.manager_name, project.manager_phone = "项目负责人", "0539-2000003"


@pytest.fixture(scope="session")
def chinese(tmp_path_factory):
    """A fontconfig file that adds our own Chinese font to the system's."""
    path = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    folder = Path(str(pylopdf_fonts_zh_cn.sans_path())).parent
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>'
    )
    return path


@pytest.fixture(scope="module")
def chromium(chinese):
    """A headless Chromium; without one these tests skip, except in CI."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--lang=zh-CN"],
            env={**os.environ, "FONTCONFIG_FILE": str(chinese)},
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium, site):
    """Makes phones: each a browser of its own, in WeChat, at the product's address."""
    made = []

    def make(**more):
        given = {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True} | more
        context = chromium.new_context(
            user_agent=WECHAT, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=site.base, **given
        )
        made.append(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()
