"""Calls made up by chance over all routes: foreign numbers, foreign cursors, odd queries, odd headers."""

from urllib.parse import urlencode

from werkzeug.routing.converters import NumberConverter

from server.core.entry import FRAMEWORK
from server.core.paging import encode
from server.reports.workflow import Act
from tests.conftest import NOON
from tests.security.scene import FAR, NEAR, OWN

SLOW = {
    "bureau_prints.one", "bureau_prints.many", "bureau_board.board", "login.log_in", "sessions.staff",
    "account.password", "invitation.accept",
}  # fmt: skip
"""Routes that draw sheets or hash passwords: the matrix asks them, chance does not."""
BESIDE = {"sessions.end", "login.log_out", "bureau_imports.upload", "photos.take"}
METHODS = ("GET", "GET", "GET", "POST", "PUT", "DELETE")
WORDS = {
    "act": [act.value for act in Act],
    "word": [act.value for act in Act],
    "kind": ["charges", "income", "contacts"],
    "period": ["2026-Q3", "2026-Q2"],
    "size": ["320", "1600"],
    "token": ["t" * 43],
    "name": ["MP_verify_x"],
}
STEADY = {
    "tab": ["new", "doing", "late", "waiting", "done", "void"],
    "state": ["submitted", "accepted", "resolved", "closed", "void"],
    "open": ["yes", "no", "all", "true", "false"],
    "all": ["1"],
    "mine": ["true", "false"],
    "limit": ["1", "100", "0", "10000"],
    "month": ["2026-11", "2026-10", "0000-00"],
    "reason": ["safety", "not_accepted", "x"],
    "kind": ["charges", "income", "x"],
    "category": ["1", "2", "9"],
    "managed": ["yes", "no"],
    "q": ["QST", "QNR", "7s", "小区", "%", "_", "' OR county_id<>'"],
    "sort": ["county_id", "-id", "person.name"],
    "order": ["asc", "county_id desc"],
    "county": ["370406", "000000", "*"],
    "county_id": ["370406", "*"],
    "for": ["caller"],
    "done": ["remind", "closed", "not_now"],
    "size": ["large"],
    "version": ["1", "2", "999"],
    "text": ["请尽快处理"],
    "note": ["看过了"],
    "outcome": ["done", "partly"],
    "score": ["1", "5"],
}

THINGS = (
    "after", "area", "estate", "township", "under", "body", "post", "code", "person", "spot", "building",
    "community", "place", "no",
)  # fmt: skip
"""Fields that take a number or a code of something."""


class Chance:
    """One caller's calls, the same for the same seed."""

    def __init__(self, app, scene, draw):
        self.scene, self.draw = scene, draw
        self.rules = [
            rule
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in FRAMEWORK | SLOW | BESIDE and not rule.endpoint.startswith("wechat")
        ]
        self.numbers = [
            value
            for side in (OWN, NEAR, FAR, FAR, FAR)
            for value in scene.things[side].values()
            if isinstance(value, int)
        ]

    def thing(self, name):
        """A thing of that name, more often a foreign one."""
        return self.scene.things[self.draw.choice((OWN, NEAR, FAR, FAR))].get(name)

    def argument(self, name, *, whole):
        """What stands for one part of an address."""
        known = self.thing(name.removesuffix("_id"))
        if known is not None and self.draw.random() < 0.8:
            return known if name != "photo_id" else str(known)[:32]
        if name in WORDS:
            return self.draw.choice(WORDS[name])
        if name == "photo_id":
            return str(self.thing("photo"))[:32]
        return self.draw.choice(self.numbers) if whole else self.thing("no")

    def cursor(self):
        """A cursor of another list, of another county."""
        number = self.draw.choice([*self.numbers, 1, 2**40])
        return encode(
            self.draw.choice(
                (
                    [number],
                    [NOON.isoformat(), number],
                    ["QST", number],
                    [NOON.replace(year=2030).isoformat(), number],
                )
            )
        )

    def fields(self, most):
        """Some fields of a query or a form."""
        found = {}
        for _ in range(self.draw.randint(0, most)):
            name = self.draw.choice([*STEADY, *THINGS])
            if name in STEADY:
                found[name] = self.draw.choice(STEADY[name])
            elif name == "after":
                found[name] = self.cursor()
            else:
                known = {"township": "town", "under": "town", "area": "town", "place": "code"}.get(name, name)
                found[name] = str(self.thing(known) or self.draw.choice(self.numbers))
        return found

    def headers(self):
        """Headers that somebody might hope for."""
        far = self.scene.things[FAR]
        offered = {
            "X-Forwarded-For": "10.0.0.1",
            "X-Original-URL": f"/b/{far['no']}",
            "X-Rewrite-URL": f"/b/{far['no']}",
            "X-County": "370406",
            "X-HTTP-Method-Override": "GET",
            "If-None-Match": 'W/"370406-1"',
            "Accept": "application/json",
            "Referer": "http://localhost/b/",
        }
        return dict(self.draw.sample(sorted(offered.items()), self.draw.randint(0, 3)))

    def call(self):
        """Method, address, what is sent, headers, and the endpoint."""
        rule = self.draw.choice(self.rules)
        values = {
            name: self.argument(name, whole=isinstance(converter, NumberConverter))
            for name, converter in rule._converters.items()
        }
        built = rule.build(values | dict(rule.defaults or {}))
        address = built[1] if built else rule.rule
        method = self.draw.choice([one for one in METHODS if one in rule.methods])
        query = self.fields(4)
        if query:
            address += "?" + urlencode(query)
        sent = self.fields(6) if method != "GET" else {}
        how = (
            {"json": sent}
            if address.startswith("/api/") and method != "GET"
            else {"data": sent}
            if sent
            else {}
        )
        return method, address, how, self.headers(), rule.endpoint
