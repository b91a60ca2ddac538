"""Every page of WeChat's, for the wiring."""

from flask import Blueprint

from server.web.wechat import binding, callback, checks, news, oauth

PAGES: tuple[Blueprint, ...] = (
    binding.pages,
    oauth.blueprint,
    news.blueprint,
    callback.blueprint,
    checks.blueprint,
)
