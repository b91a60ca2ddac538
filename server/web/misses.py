"""Whoever tries codes that do not exist, one after the other, must wait; true codes go on working for everybody."""

from datetime import timedelta

from flask import Flask, current_app

from server.core import clock, http
from server.core.addresses import from_network
from server.core.errors import HouseError, TooMany
from server.core.limits import hit

WINDOW = timedelta(minutes=10)
SLOW_DOWN = "这个网络试了太多无效的码，请过几分钟再试；墙上的码现在就可以照常扫。急事请打政务服务热线 12345 或小区所属社区的电话。"


def install(app: Flask) -> None:
    """Count every unknown, revoked or impossible code against the network address that it came from."""
    http.heed(app, "unknown_code", count_miss)


def count_miss(error: HouseError) -> HouseError:
    """The refusal itself, or beyond CODE_MISSES in ten minutes the request to wait."""
    most = current_app.extensions["settings"].code_misses
    try:
        hit("code-miss", from_network(), most=most, window=WINDOW, sentence=SLOW_DOWN, now=clock.now())
    except TooMany as slow:
        return slow
    http.commit_now()
    return error
