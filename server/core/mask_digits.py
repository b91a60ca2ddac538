"""Numbers that lead to a person, found by their digits: mobile, land line, identity card, bank card."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from server.core.mask_plain import Span

GAP = re.compile(
    r"[^0-9A-Za-z\u3400-\u9fff]{0,4}|[^0-9A-Za-z\u3400-\u9fff]?[杠点空][^0-9A-Za-z\u3400-\u9fff]?"
)
"""What may stand between two groups of one number: blanks, points, dashes, brackets, pictures."""
LIST = re.compile("[,，、;；\n。]")
"""What rather parts two numbers."""
MOBILE = re.compile(r"(?:(?:00)?86|0)?1[3-9]\d{9}")
CARD_18 = re.compile(r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
CARD_15 = re.compile(r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
BANK = re.compile(r"[3-9]\d{15,18}")
AREA = re.compile(r"(?:(?:00)?86)?0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}")
ABROAD = re.compile(r"\+ ?(?!86)\d{1,3}[ -]?\(?\d(?:[ ()-]{0,2}\d){6,11}(?!\d)")
LOCAL = re.compile(r"[2-8]\d{6,7}")
DATE = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
MEASURE = re.compile(r"\s*(?:元|块|度|吨|万|千|个|平|米|㎡|号楼|年|户|人|次|分|秒|立方|kwh)", re.IGNORECASE)
CALL = re.compile(
    r"(?:电话|手机|座机|固话|号码|打给|拨打|拨|联系|致电|来电|回电|电联|给我打|打我|call|tel|phone|[☎📞📱])"
    r"[^0-9\n。！？!?]{0,8}$",
    re.IGNORECASE,
)
"""Words before a number that say it is to be rung."""
OFFICE = re.compile(
    r"(?:物业|办公室?|服务中心|客服|热线|前台|值班|社区|居委会|村委会|街道|镇政府|主管部门|住建局?|物业科|监控室|消控室|"
    r"维保|电梯公司|供[水电气热暖]|燃气|自来水|供电所|维修部|派出所|城管|消防|物管|监督|投诉|报修|抢修|应急|救援|法院|客户服务)"
    r"[^0-9。！？!?\n]{0,16}$"
)
MINE = re.compile(r"我|家|本人|俺|咱|私人")
TAIL = re.compile(r"(?:尾号|末尾|后[四4六6]位|末[四4六6]位)\D{0,4}(\d{3,6}[xX]|\d{4,6})(?!\d)")
ACCOUNT = re.compile(
    r"(?:户号|卡号|账号|帐号|身份证号?码?|证件号码?|学号|护照号?码?|社保号?|医保号?|缴费号|电费号|水费号|燃气号|银行卡)"
    r"[^0-9A-Za-z\n。，,]{0,6}([A-Za-z]{0,2}\d[\d -]{4,22}[\dXx])"
)
EXTENSION = re.compile(r"\s*(?:转|分机|-)\s*\d{1,5}(?!\d)")
LONGEST = 21
GROUPS = 19


def find_numbers(text: str) -> Iterator[Span]:
    """Where such numbers stand in a text in plain spelling."""
    groups = [found.span() for found in re.finditer(r"\d+", text)]
    start = 0
    while start < len(groups):
        end = _number_from(text, groups, start)
        if end is None:
            start += 1
            continue
        yield _whole(text, groups[start][0], groups[end][1])
        start = end + 1
    for found in ABROAD.finditer(text):
        yield found.span()
    for rule in (TAIL, ACCOUNT):
        for found in rule.finditer(text):
            yield found.span(1)


def _number_from(text: str, groups: Sequence[Span], start: int) -> int | None:
    """The last group of the longest number that begins with this group."""
    digits, best = "", None
    for end in range(start, min(start + GROUPS, len(groups))):
        if end > start and not GAP.fullmatch(text[groups[end - 1][1] : groups[end][0]]):
            break
        digits += text[slice(*groups[end])]
        if len(digits) > LONGEST:
            break
        if _is_number(text, digits, groups[start : end + 1]):
            best = end
    return best


def _is_number(text: str, digits: str, groups: Sequence[Span]) -> bool:
    before, after = text[: groups[0][0]], text[groups[-1][1] :]
    shape = _Shape(text, groups, called=bool(CALL.search(before[-24:])))
    if MOBILE.fullmatch(digits):
        return shape.mobile()
    if CARD_18.fullmatch(digits + (after[:1] if after[:1] in {"x", "X"} else "")) or CARD_15.fullmatch(
        digits
    ):
        return shape.one_thing()
    if BANK.fullmatch(digits):
        return shape.one_thing() and not MEASURE.match(after)
    if AREA.fullmatch(digits):
        return shape.one_thing() and not _of_office(before)
    return _is_local(digits, before, after, shape)


def _is_local(digits: str, before: str, after: str, shape: "_Shape") -> bool:
    """A land line without its area code: only where it is written or announced as a number to ring."""
    if not LOCAL.fullmatch(digits) or MEASURE.match(after) or _of_office(before):
        return False
    if shape.called:
        return shape.one_thing()
    return shape.lengths in ([3, 4], [4, 4]) and shape.gaps[0] in {"-", " "} and not DATE.fullmatch(digits)


def _of_office(before: str) -> bool:
    """Whether the words before a land line say that it is an office's."""
    near = OFFICE.search(before[-28:])
    return near is not None and not MINE.search(near[0].replace("我们", ""))


def _whole(text: str, start: int, end: int) -> Span:
    """With the country's plus sign, the last letter of a card and an extension."""
    if text[end : end + 1] in {"x", "X"} and CARD_18.search(re.sub(r"\D", "", text[start:end]) + "X"):
        end += 1
    extension = EXTENSION.match(text, end)
    if extension and text[start : start + 1] in {"0", "(", *"2345678"}:
        end = extension.end()
    if start and (text[start - 1] == "+" or (text[start - 1] == "(" and ")" in text[start:end])):
        start -= 1
    return start, end


class _Shape:
    """How a number's groups are written."""

    def __init__(self, text: str, groups: Sequence[Span], *, called: bool) -> None:
        self.lengths = [end - start for start, end in groups]
        pairs = pairwise(groups)
        self.gaps = [text[one[1] : two[0]] for one, two in pairs]
        self.called = called

    def one_thing(self) -> bool:
        """Whether nothing that parts numbers stands between the groups."""
        return not any(LIST.search(gap) for gap in self.gaps)

    def mobile(self) -> bool:
        """Whether eleven digits in these groups are one number rather than a row of small ones."""
        if len(self.lengths) == 1 or set(self.lengths) == {1}:
            return True
        listed = not self.one_thing()
        if self.called:
            return not listed or self.lengths[0] in {3, 7, 11}
        small = (self.lengths[0] < 3 and self.lengths[0] != 2) or len(self.lengths) > 6  # noqa: PLR2004
        return self.lengths in ([3, 4, 4], [3, 8], [7, 4], [3, 3, 5]) if listed else not small
