"""What arrived on each phone: kept, saved beside the program, and worded for pages and tests."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from server.core.clock import local
from server.wechat.sandbox.model import Arrival, Person, State


def arrive(state: State, arrival: Arrival) -> None:
    """Put a message on a phone."""
    state.arrivals.append(arrival)
    save(state)


def save(state: State) -> None:
    """Write arrivals and consents to the state's file, if it has one; whole or not at all."""
    if state.path is None:
        return
    kept = {
        "arrivals": [asdict(one) | {"at": one.at.isoformat()} for one in state.arrivals],
        "quota": [[openid, template, count] for (openid, template), count in state.quota.items()],
    }
    draft = state.path.with_suffix(".new")
    draft.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    draft.replace(state.path)


def load(state: State) -> None:
    """Read back what `save` wrote; a missing file is an empty one."""
    if state.path is None or not state.path.exists():
        return
    kept = json.loads(state.path.read_text(encoding="utf-8"))
    state.arrivals = [_arrival(one) for one in kept["arrivals"]]
    state.quota = Counter({(openid, template): count for openid, template, count in kept["quota"]})


def _arrival(kept: dict[str, Any]) -> Arrival:
    lines = [(label, text) for label, text in kept["lines"]]
    return Arrival(**{**kept, "at": datetime.fromisoformat(kept["at"]), "lines": lines})


def link_of(url: str) -> str:
    """The web address a message opens; a mini-program page leads to the one in its `url` parameter."""
    inner = parse_qs(urlsplit(url).query).get("url", [""])[0] if url.startswith("pages/") else url
    return inner if inner.startswith(("http://", "https://")) else ""


def arrival_view(arrival: Arrival) -> dict[str, Any]:
    """A message as JSON."""
    return {
        "at": arrival.at.isoformat(),
        "time": f"{local(arrival.at):%m-%d %H:%M}",
        "channel": arrival.channel,
        "address": arrival.address,
        "title": arrival.title,
        "lines": [list(line) for line in arrival.lines],
        "text": "\n".join(f"{label}：{text}" if label else text for label, text in arrival.lines),
        "url": arrival.url,
        "link": link_of(arrival.url),
        "number": arrival.number,
    }


def phone_view(state: State, person: Person) -> dict[str, Any]:
    """A phone as JSON, newest message first."""
    own = set(person.addresses.items())
    mine = [one for one in state.arrivals if (one.appid, one.address) in own]
    return {
        "name": person.name,
        "about": person.about,
        "group": person.group,
        "follows": person.follows,
        "id": next(reversed(person.addresses.values())),
        "addresses": dict(person.addresses),
        "messages": [arrival_view(one) for one in reversed(mine)],
    }


def phones_view(state: State) -> list[dict[str, Any]]:
    """Every phone as JSON."""
    return [phone_view(state, person) for person in state.people]
