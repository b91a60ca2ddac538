"""Layouts: where what stands on a sheet, read from the TOML files of `qr_assets/`."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).resolve().parents[3] / "qr_assets"


@dataclass(frozen=True, slots=True)
class Band:
    """A coloured area."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A box of words; `{names}` stand for the poster's own, `needs` drops the box where that one is empty."""

    x: float
    y: float
    width: float
    height: float
    words: str
    size: float
    least: float
    colour: str = "#1a1a1a"
    align: str = "left"
    bold: bool = False
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Square:
    """Where the QR code stands, quiet zone included."""

    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet in millimetres."""

    width: float
    height: float
    bands: tuple[Band, ...]
    words: tuple[Words, ...]
    code: Square


@lru_cache(maxsize=8)
def load_layout(name: str) -> Layout:
    """The layout of `qr_assets/<name>.toml`; an unknown or missing key is a TypeError that names it."""
    raw: dict[str, Any] = tomllib.loads((ASSETS / f"{name}.toml").read_text("utf-8"))
    return Layout(
        width=raw["width"],
        height=raw["height"],
        bands=tuple(Band(**band) for band in raw.get("band", ())),
        words=tuple(Words(**{"least": words["size"] * 0.6, **words}) for words in raw.get("words", ())),
        code=Square(**raw["code"]),
    )
