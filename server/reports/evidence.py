"""What a resolution must show, by kind and by how it ends (pure; 沂水 四(二): nothing closes without evidence)."""

import re
from dataclasses import dataclass

from server.policy.handling import Evidence, Outcome, Proof
from server.policy.model import Book

DONE = frozenset({"solved", "partly"})
"""Endings in which work was done that a photo can show."""
LAW = "not_solvable"
"""The ending for which a document and its article must be named."""
ARTICLE = re.compile(r"第\s*[0-9〇零一二三四五六七八九十百千两]+\s*条")
FIELDS = {Proof.PHOTO: "photos", Proof.WORDS: "text", Proof.MEASURE: "measure"}
NO_LAW = "不能解决的，请写明依据的文件和条款，例如：《民法典》第二百七十八条。"
NO_BASIS = "没有完全解决的，请写明原因和依据。"
NO_MEASURE = "这是安全隐患，请先写明整改措施、期限和责任人，再办结。"


@dataclass(frozen=True)
class Answer:
    """What came with a resolution."""

    outcome: str
    text: str = ""
    basis: str = ""
    photo: bool = False
    measured: bool = False
    """Whether a danger's measure, deadline and person were named."""

    def proofs(self, words_least: int) -> frozenset[Proof]:
        """What it shows."""
        there = {
            Proof.PHOTO: self.photo,
            Proof.WORDS: len(self.text.strip()) + len(self.basis.strip()) >= words_least,
            Proof.MEASURE: self.measured,
        }
        return frozenset(proof for proof, given in there.items() if given)


def lacking(book: Book, kind: str, answer: Answer) -> dict[str, str]:
    """What is missing, by the field that must be filled in: outcome, basis, photos, text, measure."""
    ending = book.outcomes.get(answer.outcome)
    if ending is None:
        return {"outcome": "请选择处理结果。"}
    return _basis(ending, answer) | _proofs(book.evidence.of(kind), answer)


def asked(rule: Evidence, outcome: str) -> Evidence:
    """What a rule asks of an ending: where nothing was mended there is nothing to photograph, so words it is."""
    if outcome in DONE:
        return rule
    kept = tuple(proof for proof in rule.all_of if proof is not Proof.PHOTO)
    return Evidence(tuple(dict.fromkeys((*kept, Proof.WORDS))), (), rule.words_least, rule.source)


def _basis(ending: Outcome, answer: Answer) -> dict[str, str]:
    if ending.basis and not answer.basis.strip():
        return {"basis": NO_LAW if ending.key == LAW else NO_BASIS}
    if ending.key == LAW and not ARTICLE.search(answer.basis):
        return {"basis": NO_LAW}
    return {}


def _proofs(rule: Evidence, answer: Answer) -> dict[str, str]:
    rule = asked(rule, answer.outcome)
    missing = rule.lacks(answer.proofs(rule.words_least))
    either = set(rule.any_of) >= {Proof.PHOTO, Proof.WORDS}
    words = {
        Proof.PHOTO: "请上传处理后的照片，或写明怎么处理的。" if either else "请上传处理后的照片。",
        Proof.WORDS: f"请写明怎么处理的，至少 {rule.words_least} 个字。",
        Proof.MEASURE: NO_MEASURE,
    }
    return {FIELDS[proof]: words[proof] for proof in missing}
