"""The font of the posters: there, Chinese, and asked before every letter."""

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from server.core.errors import Invalid, Unavailable
from server.estates.fonts import PACKAGED, find_face
from server.estates.paper.layout import ASSETS, load_layout


@pytest.fixture(scope="module")
def latin_only(tmp_path_factory):
    path = tmp_path_factory.mktemp("fonts") / "latin.otf"
    font = TTFont(PACKAGED)
    maker = subset.Subsetter()
    maker.populate(text="abcdefghijklmnopqrstuvwxyz0123456789")
    maker.subset(font)
    font.save(path)
    return path


@pytest.mark.parametrize("name", [path.stem for path in ASSETS.glob("*.toml")])
def test_every_letter_of_every_layout_is_in_the_font(name):
    layout = load_layout(name)
    assert layout.words
    find_face().check(line for words in layout.words for line in words.words.splitlines())


@pytest.mark.parametrize(
    "text", ["梅园（西24、25号楼）", "东、西鲁社区", "堃犇昇燚镕", "XXXX-XXXX 0123456789", "№3 · A座"]
)
def test_names_as_they_occur_can_be_printed(text):
    find_face().check([text])


@pytest.mark.parametrize(
    ("text", "letter"),
    [("幸福😀小区", "😀"), ("一\u0001二", "\u0001"), ("\ue000园", "\ue000"), ("مەھەللە", "م")],
)
def test_a_letter_the_font_lacks_is_named_instead_of_printed_as_a_box(text, letter):
    with pytest.raises(Invalid, match="方框") as refusal:
        find_face().check([text])
    assert f"“{letter}”（U+{ord(letter):04X}）" in refusal.value.message


def test_widths_are_those_of_chinese_squares():
    face = find_face()
    assert face.width("码上办", 10) == pytest.approx(30)
    assert face.width("", 10) == 0
    assert 0 < face.width("1", 10) < 10


@pytest.mark.parametrize(
    ("given", "word"),
    [("no-such-font.ttf", "打不开"), (str(ASSETS / "README.md"), "打不开"), ("latin", "没有中文字")],
)
def test_a_poster_font_that_will_not_do_is_refused_with_what_to_do(given, word, latin_only):
    with pytest.raises(Unavailable, match=word) as refusal:
        find_face(str(latin_only) if given == "latin" else given)
    assert "POSTER_FONT" in refusal.value.message


def test_poster_font_comes_before_the_packaged_one(tmp_path):
    own = tmp_path / "own.otf"
    own.symlink_to(PACKAGED)
    assert find_face(str(own)).path == own


@pytest.fixture
def matcher(tmp_path):
    """A font matcher that offers what it is told to."""

    def offering(answer):
        script = tmp_path / "match"
        script.write_text(f"#!/bin/sh\nprintf '%s' '{answer}'\n")
        script.chmod(0o755)
        return str(script)

    return offering


def test_without_the_packaged_font_the_machine_s_own_is_taken(tmp_path, matcher):
    face = find_face(packaged=tmp_path / "none", matcher=matcher(f"{PACKAGED}|65536"))
    assert (face.path, face.number) == (PACKAGED, 0)


@pytest.mark.parametrize("answer", ["latin", "", None])
def test_without_any_chinese_font_nothing_is_printed_and_the_way_out_is_told(
    tmp_path, matcher, latin_only, answer
):
    command = str(tmp_path / "absent")
    if answer is not None:
        command = matcher(f"{latin_only}|0" if answer else "")
    with pytest.raises(Unavailable, match="fonts-noto-cjk"):
        find_face(packaged=tmp_path / "none", matcher=command)
