import sys
from pathlib import Path

from server.policy.loader import books
from server.policy.vocabulary import SAID, sayings, speech, suggest_kinds

HELD = sayings(Path(__file__).parent / "sentences.csv")
LEARNED = sayings(SAID)
COUNTIES = books()


def offers(sentence, county):
    return {one.kind for one in suggest_kinds(COUNTIES[county], sentence).kinds}


def judged(saying):
    """Whether every county whose book has one of the kinds offers one of them; accusations are hinted at."""
    found = []
    for county, book in COUNTIES.items():
        meant = {key for key in saying.kinds if key in book.kinds}
        if any(book.kinds[key].confidential for key in meant):
            found.append(suggest_kinds(book, saying.sentence).quiet)
        elif meant:
            found.append(bool(meant & offers(saying.sentence, county)))
    return bool(found) and all(found)


def open_ones(said):
    return [one for one in said if not any(key.startswith("accuse.") for key in one.kinds)]


def test_nine_of_ten_sentences_that_were_set_aside_find_their_kind_among_three(capsys):
    right, hinted = (
        [judged(one) for one in open_ones(HELD)],
        [one for one in HELD if one not in open_ones(HELD)],
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\nkinds of sentences set aside: {sum(right)} of {len(right)} right ({sum(right) / len(right):.1%}); "
            f"accusations hinted at: {sum(map(judged, hinted))} of {len(hinted)}\n"
        )
    assert 100 * sum(right) >= 90 * len(right)
    assert 2 * sum(map(judged, hinted)) >= len(hinted)


def test_no_sentence_is_in_both_halves_and_every_kind_of_every_book_has_six():
    both = [*HELD, *LEARNED]
    assert len({one.sentence for one in both}) == len(both) >= 400
    assert min(len(HELD), len(LEARNED)) >= 200
    for key in {key for book in COUNTIES.values() for key in book.kinds}:
        assert sum(key in one.kinds for one in both) >= 6, key
        assert sum(key in one.kinds for one in HELD) >= 3, key
    assert {key for one in both for key in one.kinds} <= {
        key for book in COUNTIES.values() for key in book.kinds
    }


def test_what_one_body_alone_may_know_is_never_named_and_seldom_hinted_at_by_mistake():
    hints = 0
    for book in COUNTIES.values():
        for one in (*HELD, *LEARNED):
            found = suggest_kinds(book, one.sentence)
            assert not any(book.kinds[each.kind].confidential for each in found.kinds)
            assert {each.kind for each in found.kinds} <= set(book.kinds)
            assert len(found.kinds) <= 3
            assert all(0 < each.confidence <= 1 for each in found.kinds)
            hints += found.quiet and one in open_ones([one])
    assert hints < 0.1 * len(COUNTIES) * len(HELD + LEARNED)


def test_nothing_is_offered_where_nothing_fits():
    for words in (
        "",
        "  ，。！",
        "你好",
        "哈哈哈哈",
        "asdf 1234",
        "今天天气真好啊",
        "股票又跌了",
        "\x00\ud800",
        "🙂" * 300,
    ):
        assert suggest_kinds(COUNTIES["371323"], words).kinds == (), words


def test_dialect_nicknames_and_alike_characters_are_folded_the_longest_first():
    told = {
        "俺家电题咋木有动静": "我家电梯怎么没有动静",
        "电瓶车充电，消火栓没水！": "电动车充电 消防栓没水",
        "维修基金": "维修资金",
        "ＡＢ楼　１２": "ab楼 12",
    }
    for typed, plain in told.items():
        assert speech().fold(typed) == speech().fold(plain)
    assert speech().fold("俺家电题咋木有动静") == "我家电梯怎么没有动静"
