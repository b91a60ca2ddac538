"""A page with every part of the look and a form, on a server without database, for the browser's tests."""

import json
import secrets

from flask import Flask, Response, render_template_string, request
from markupsafe import Markup

from server.core import assets
from server.web.charts import Series, bars, lines, stacked

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'self'"
TILES = [
    {
        "key": "lift",
        "word": "电梯",
        "icon": "lift",
        "choices": [
            {"key": "trapped", "word": "困人", "first": "先打电话", "calls": [("电梯救援", "96333")]},
            {"key": "stopped", "word": "故障停运"},
        ],
    },
    {"key": "gate", "word": "门禁保安", "icon": "gate", "choices": [{"key": "broken", "word": "门禁损坏"}]},
]
FORM = """{% extends "shared/base.html" %}
{% block scripts %}<script type="module" src="{{ asset('js/report.js') }}"></script>{% endblock %}
{% block main %}<h1>报修投诉</h1>
<form method="post" enctype="multipart/form-data" data-report data-draft-key="report:X">
{{ forms.photo_picker() }}{{ forms.tiles("哪方面的问题", tiles) }}
{{ forms.textarea("说明", "text", hint="可以不写") }}{{ forms.chips(["物业说没人修"], "text") }}
{{ forms.field("手机号", "phone", type="tel") }}{{ forms.check("公开", "public") }}{{ ui.privacy("手机号物业看不到。") }}
{% call forms.bar() %}{{ forms.button("提交") }}{% endcall %}</form>{% endblock %}"""
PARTS = """{% extends "shared/desk.html" %}
{% block main %}<div class="desk-head"><h1>各种部件</h1>{{ forms.link_button("导出", "#", "plain", "download") }}</div>
{{ forms.error_summary({"score": "请选一个分数"}) }}{{ ui.flash([("ok", "已受理"), ("warn", "没有送达")]) }}
<p>{% for key in ui.states %}{{ ui.state(key) }} {% endfor %}</p>
{{ ui.tabs([{"href": "#", "word": "待受理", "count": 3, "here": true}, {"href": "#", "word": "已超时", "count": 2, "alarm": true}]) }}
<ul class="cells"><li>{{ ui.cell("路灯不亮", "#", "3 号楼", ui.state("overdue"), "repair") }}</li></ul>
{{ ui.facts([("谁来办", "项目经理")]) }}
{{ ui.timeline([{"title": "提交", "when": "今天", "text": "不亮"}, {"title": "超时", "when": "今天", "tone": "alarm", "drawing": "triangle"}]) }}
{{ forms.stars("满意吗", "score", error="请选一个分数") }}{{ forms.chip_checks("原因", "why", [("slow", "太慢")], ["slow"]) }}
{{ forms.radios("解决了吗", "done", [("yes", "解决了"), ("no", "没有")], "yes") }}{{ forms.select("楼栋", "spot", [("1", "1 号楼")]) }}
<div class="grid">{% for drawing in drawings %}{{ ui.chart("图", drawing) }}{% endfor %}</div>
{{ ui.table("通报", ["单位", ("件数", "num")], [["西城街道", 120]], foot=["合计", 120]) }}
{{ ui.table("卡片", ["单位", ("件数", "num")], [["西城街道", 120]], stack=true) }}
{{ ui.empty("没有更多") }}{{ ui.pager("?after=x", "?") }}
<div data-poll="/feed" data-every="0.2"><p data-entry="1">第一条</p></div>{% endblock %}"""


def make_app() -> Flask:
    """The gallery: `arrived` keeps what was posted, `answers` what to say to the next report."""
    web = Flask("server", static_folder="web/static", template_folder="web/templates")
    web.jinja_env.trim_blocks = web.jinja_env.lstrip_blocks = True
    assets.install(web)
    web.extensions["arrived"], web.extensions["answers"], web.extensions["feed"] = [], [], ["1"]
    months = ["一月", "二月", "三月"]
    drawings = [
        bars("件数", [("东苑", 3), ("西苑", -1)]),
        stacked("按类", months, [Series("按时", [1, 2, 3]), Series("超时", [0, 1, 0])]),
        lines("走势", months, [Series("受理", [1, None, 3]), Series("办结", [1, 1, 2])]),
    ]
    web.jinja_env.globals.update(csrf_field=lambda: Markup(""))

    @web.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @web.get("/parts")
    def parts():
        return render_template_string(
            PARTS, drawings=drawings, desk_nav=[("/parts", "动态", "bell")], desk_here="/parts"
        )

    @web.get("/report")
    def form():
        return render_template_string(FORM, tiles=TILES)

    @web.post("/report")
    def report():
        web.extensions["arrived"].append(request.form.to_dict(flat=False))
        if "application/json" not in request.headers["Accept"]:
            return f"收到文件 {len([each for each in request.files.getlist('photo') if each.filename])} 个"
        status, body = (
            web.extensions["answers"].pop(0) if web.extensions["answers"] else (201, {"location": "/parts"})
        )
        return Response(json.dumps(body), status, content_type="application/json")

    @web.post("/api/v1/photos")
    def photo():
        size = len(request.files["file"].read())
        web.extensions["arrived"].append({"photo": request.headers["Idempotency-Key"], "size": size})
        return {"id": secrets.token_hex(8), "url": "/x", "thumb_url": "/x"}, 201

    @web.get("/feed")
    def feed():
        rows = web.extensions["feed"]
        if request.headers.get("If-None-Match") == f'"{len(rows)}"':
            return "", 304
        return "".join(f'<p data-entry="{row}">第 {row} 条</p>' for row in rows), {"ETag": f'"{len(rows)}"'}

    return web
