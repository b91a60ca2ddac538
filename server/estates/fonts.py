"""The font that posters are printed in: found, measured, and known to hold every letter."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont, TTLibError

from server.core.errors import Invalid, Unavailable

SAMPLE = "码上办小区物业扫一扫"
PACKAGED = Path(pylopdf_fonts_zh_cn.sans_path())
FIX = "请安装字体（例如 apt install fonts-noto-cjk），或在 POSTER_FONT 里写明一个含中文的字体文件。"


@dataclass(frozen=True)
class Face:
    """One font: its file, its number in a collection, and the width of each letter as a part of its size."""

    path: Path
    number: int
    widths: dict[int, float] = field(repr=False, hash=False, compare=False)

    def width(self, text: str, size: float) -> float:
        """How long a line of text is, in the unit of `size`."""
        return sum(self.widths[ord(letter)] for letter in text) * size

    def lacks(self, text: str) -> list[str]:
        """The letters of the text that this font does not have, each once."""
        return [letter for letter in dict.fromkeys(text) if ord(letter) not in self.widths]

    def check(self, texts: Iterable[str]) -> None:
        """Pass texts that can be printed; Invalid names the text and the first letter that would be a box."""
        for text in texts:
            for letter in self.lacks(text):
                raise Invalid(
                    f"“{text}”里的“{letter}”（U+{ord(letter):04X}）海报字体里没有，印出来会是方框。"
                    "请改用别的字，或在 POSTER_FONT 里换一个字更全的字体。"
                )


def find_face(setting: str = "", *, packaged: Path = PACKAGED, matcher: str = "fc-match") -> Face:
    """The font to print with: POSTER_FONT, else the one that comes along, else Noto of this machine.

    Unavailable, with what to do, where none has Chinese: boxes are never printed.
    """
    if setting:
        return _usable(Path(setting), 0, f"POSTER_FONT 指向的 {setting}")
    if packaged.is_file():
        return _usable(packaged, 0, "随程序安装的字体")
    path, number = noto_of_this_machine(matcher)
    return _usable(path, number, f"本机字体 {path}")


def noto_of_this_machine(matcher: str) -> tuple[Path, int]:
    """File and number of the Noto font that fontconfig offers for Chinese; Unavailable without fontconfig."""
    asked = [matcher, "-f", "%{file}|%{index}", "Noto Sans CJK SC:lang=zh-cn"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"这台机器上没有可用的中文字体，海报暂时印不了。{FIX}") from error
    path, _, number = answer.stdout.partition("|")
    # The upper half of fontconfig's index numbers the instances of a variable font.
    return Path(path), int(number or 0) & 0xFFFF


@lru_cache(maxsize=8)
def load_face(path: Path, number: int = 0) -> Face:
    """The measures of a font file; OSError or TTLibError where it is none."""
    with TTFont(BytesIO(path.read_bytes()), fontNumber=number, lazy=True) as font:
        names: dict[int, str] = font.getBestCmap() or {}
        metrics, upem = font["hmtx"].metrics, font["head"].unitsPerEm
        return Face(path, number, {letter: metrics[name][0] / upem for letter, name in names.items()})


def _usable(path: Path, number: int, called: str) -> Face:
    try:
        face = load_face(path, number)
    except (OSError, TTLibError) as error:
        raise Unavailable(f"{called} 打不开，或不是字体文件。{FIX}") from error
    if face.lacks(SAMPLE):
        raise Unavailable(f"{called} 里没有中文字。{FIX}")
    return face
