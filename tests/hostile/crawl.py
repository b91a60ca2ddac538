"""Going over the pages as a reader would: every address once or twice, every form that stands there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from werkzeug.datastructures import MultiDict

STARTS = (
    "/",
    "/b/",
    "/m/",
    "/account",
    "/find",
    "/help",
    "/help/bureau",
    "/help/community",
    "/help/department",
    "/help/manager",
    "/privacy",
    "/my",
    "/b/counts",
)
EACH, MOST = 3, 400
"""Addresses of one route that are visited, and of all."""


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page."""

    page: str
    action: str
    method: str
    fields: tuple[tuple[str, str, str], ...]

    @property
    def shape(self) -> tuple[str, ...]:
        """What makes two forms alike: the fields."""
        return (self.method, *sorted({name for name, _, _ in self.fields}))


def walk(app, client, starts=()) -> Iterator[tuple[str, BeautifulSoup]]:
    """Every page that can be reached by links, each route some times; answers must not be 5xx."""
    seen: Counter[str] = Counter()
    waiting, known = [*starts, *STARTS], set()
    while waiting and sum(seen.values()) < MOST:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path)
        if path in known or endpoint in {None, "static"} or seen[endpoint] >= EACH or "out" in endpoint:
            continue
        known.add(path)
        seen[endpoint] += 1
        answer = client.get(path)
        assert answer.status_code < 500, (path, answer.text[:300])
        if answer.mimetype != "text/html":
            continue
        page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        yield path, page
        for link in page.find_all("a", href=True):
            target = urlsplit(urljoin(f"http://localhost{path}", link["href"]))
            if target.netloc == "localhost":
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))


def endpoint_of(app, path: str) -> str | None:
    """The route of an address, or None."""
    try:
        return app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")[0]
    except Exception:  # noqa: BLE001 - not found, moved, wrong method: no page
        return None


def forms_of(path: str, page: BeautifulSoup) -> Iterator[Form]:
    """The forms of a page with what a browser would send of them untouched."""
    for form in page.find_all("form"):
        fields = tuple(_fields(form))
        action = urlsplit(urljoin(f"http://localhost{path}", form.get("action") or path))
        address = action.path + (f"?{action.query}" if action.query else "")
        yield Form(path, address, form.get("method", "get").lower(), fields)


def _fields(form: Tag) -> Iterator[tuple[str, str, str]]:
    for field in form.find_all(["input", "textarea", "select", "button"]):
        name, kind = field.get("name"), field.get("type", field.name)
        if not name or kind in {"image", "reset"}:
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            yield name, "select", chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            yield name, "textarea", field.text
        else:
            yield name, kind, field.get("value", "")


def filled(form: Form, changed: dict[str, str]) -> MultiDict[str, str]:
    """What is sent: the form as it stands, some fields changed, empty ones with something plain."""
    data: MultiDict[str, str] = MultiDict()
    for name, kind, value in form.fields:
        if kind in {"file", "checkbox"} and name not in changed:
            continue
        if kind == "radio" and name in data:
            continue
        data[name] = changed.get(name, value or ("1" if kind in {"text", "textarea", "tel"} else ""))
    return data
