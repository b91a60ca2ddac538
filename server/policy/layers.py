"""The files a book is made of: what it inherits, laid under what it says itself."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from server.policy.reader import Faults
from server.policy.spans import UNITS

COUNTIES = Path(__file__).parent / "counties"
Layer = tuple[str, dict[str, Any]]


def layers(path: Path, faults: Faults, above: tuple[Path, ...] = ()) -> list[Layer]:
    """What the file inherits, eldest first, then the file itself, each once and with its name."""
    own = parse(path, faults)
    parents = own.pop("extends", [])
    if not isinstance(parents, list) or not all(isinstance(name, str) for name in parents):
        faults.add(
            ("extends",), f'应为文件名列表，例如 ["_default", "_handling", "_tiles"]，现在是 {parents!r}'
        )
        parents = []
    found = [layer for name in parents for layer in _inherited(name, faults, (*above, path))]
    return [*dict(found).items(), (path.name, own)]


def lay(
    under: dict[str, Any],
    over: Mapping[str, Any],
    file: str,
    origins: dict[tuple[str, ...], str],
    path: tuple[str, ...] = (),
) -> None:
    """Lay one tree over another: tables merge key by key; a span, which is one value, and all else is replaced."""
    for key, value in over.items():
        here, kept = (*path, key), under.get(key)
        if isinstance(value, dict) and not _is_span(value) and not _is_span(kept):
            origins.setdefault(here, file)
            under[key] = kept if isinstance(kept, dict) else {}
            lay(under[key], value, file, origins, here)
        else:
            origins[here] = file
            under[key] = value


def parse(path: Path, faults: Faults) -> dict[str, Any]:
    """The tables of one file; a fault where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        faults.found.append(f"{path.name}：打不开这个文件，请检查名称和权限。")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.found.append(f"{path.name}：不是有效的 TOML 文件（{error}）。")
    return {}


def _is_span(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= UNITS


def _inherited(name: str, faults: Faults, above: tuple[Path, ...]) -> Iterator[Layer]:
    """The layers of a file beside the heir, or of one that ships; never of one that is being read already."""
    plain = Path(name).name == name
    tried = [folder / f"{name}.toml" for folder in (above[-1].parent, COUNTIES)] if plain else []
    file = next((one for one in tried if one.is_file() and one.resolve() not in _resolved(above)), None)
    if file is None:
        faults.add(("extends",), f"里的 “{name}” 没有对应的文件 {name}.toml")
        return
    yield from layers(file, faults, above)


def _resolved(paths: tuple[Path, ...]) -> set[Path]:
    return {path.resolve() for path in paths}
