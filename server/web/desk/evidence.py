"""What the form of a resolution says it needs: by kind, and by how it ends (pure)."""

from server.policy.handling import Evidence, Proof
from server.policy.model import Book
from server.reports.evidence import LAW

NAMES = {
    Proof.PHOTO: "处理后的照片",
    Proof.WORDS: "至少 {least} 个字的说明",
    Proof.MEASURE: "先写明整改措施、期限和责任人",
}


def resolve_hint(book: Book, kind: str) -> str:
    """What this kind needs, in one sentence."""
    rule = book.evidence.of(kind)
    all_of, any_of = (_named(rule, proofs) for proofs in (rule.all_of, rule.any_of))
    parts = [*all_of, *(["或".join(any_of)] if any_of else [])]
    return f"这一类办结要有：{'、'.join(parts)}。不能解决、要业主决定的不用照片，写明原因和依据。"


def _named(rule: Evidence, proofs: tuple[Proof, ...]) -> list[str]:
    return [NAMES[proof].format(least=rule.words_least) for proof in proofs]


def endings(book: Book) -> tuple[tuple[str, str], ...]:
    """The ways to end, each with what it needs or what the reporter is told."""
    found = []
    for ending in book.outcomes.values():
        need = "写明原因和依据" if ending.basis else ""
        if ending.key == LAW:
            need = "写明依据的文件和条款"
        elif ending.next_step and not ending.basis:
            need = "会告诉报告人下一步怎么办"
        found.append((ending.key, f"{ending.label}（{need}）" if need else ending.label))
    return tuple(found)
