"""A hanging WeChat holds one thread of a web process, not all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.notices.channels import RefusalKind
from server.wechat.errors import WeChatRefused
from server.wechat.gate import SHUTS_AFTER, Busy, Gate


def raising(kind: RefusalKind, calls: list[int]) -> None:
    calls.append(1)
    raise WeChatRefused("timeout", kind)


def test_while_one_question_hangs_nobody_waits_behind_it() -> None:
    gate, hanging, ends = Gate(patience=0.05), threading.Event(), threading.Event()

    def hang() -> str:
        hanging.set()
        ends.wait(30)
        return "late"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(gate.through, hang)
        hanging.wait(30)
        for _ in range(3):
            with pytest.raises(Busy):
                gate.through(lambda: "never asked")
        ends.set()
        assert first.result() == "late"
    assert gate.through(lambda: "well") == "well"


@pytest.mark.parametrize(
    ("kind", "asked"), [(RefusalKind.RETRY, SHUTS_AFTER), (RefusalKind.FINAL, SHUTS_AFTER + 2)]
)
def test_after_some_questions_without_an_answer_nobody_asks_for_a_while(
    kind: RefusalKind, asked: int
) -> None:
    gate, calls = Gate(), list[int]()
    for _ in range(SHUTS_AFTER + 2):
        with pytest.raises((Busy, WeChatRefused)):
            gate.through(lambda: raising(kind, calls))
    assert len(calls) == asked


def test_one_answer_opens_it_again() -> None:
    gate, calls = Gate(shut=0.0), list[int]()
    for _ in range(SHUTS_AFTER):
        with pytest.raises(WeChatRefused):
            gate.through(lambda: raising(RefusalKind.RETRY, calls))
    assert gate.through(lambda: "well") == "well"
