"""What leads to a person by the words around it: accounts, addresses of mail, his own car, his own door."""

import re
from collections.abc import Iterator

from server.core.mask_plain import Span

CHAT = re.compile(
    r"(?:微信|薇信|威信|徽信|微❤|v信|(?<![a-z])(?:vx|wx|wechat|weixin|qq|tim)(?![a-z])|扣扣|企鹅号?|球球|加我(?:好友)?|"
    r"抖音号?|快手号?)"
    r"(?!群|支付|公众号|小程序|交费|缴费|转账|付款|收款)"
    r"[\s号码是为:=加搜一下也就同我的这个\[\]【】「」『』\"'“”‘’→👉,，(（账帐id🐧🆔]{0,10}?"
    r"([a-z][a-z0-9_\-.]{4,30}|(?:\d[\s\-.]{0,2}){4,10}\d)(?![a-z0-9_])",
    re.IGNORECASE,
)
NO_ACCOUNT = frozenset({"wechat", "weixin"})
MAIL = re.compile(
    r"[a-z0-9][a-z0-9_.+-]{1,40}\s{0,2}(?:@|\(at\)|\[at\]|（at）|\sat\s|艾特|#)\s{0,2}"
    r"[a-z0-9-]{1,30}(?:\s{0,1}(?:\.|点|。|\(dot\)|\[dot\]|\sdot\s)\s{0,1}[a-z0-9-]{2,20}){1,3}",
    re.IGNORECASE,
)
PLATE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][\s·.\-]{0,2}[A-Z0-9]{5,6}(?![A-Z0-9])"
CAR = re.compile(
    rf"(?:(?:我|本人|我家|我们家|俺)(?:的|家)?(?:这辆|那辆)?(?:私家)?(?:小|汽|轿)?车|车主是我)"
    rf"(?:牌|号)?(?:号码?)?(?:是|为)?[\s:：，,(（]{{0,2}}({PLATE})",
    re.IGNORECASE,
)
WHO = r"(?:我|本人|俺|咱)(?:们)?(?:家|住|是|在|的房子|这里|这边|这户|自己家)*|家住|住址|家庭住址|住在"
AT_HOME = r"(?:我|本人|俺|咱)(?:们)?(?:是|在|这里|这边)*(?:家|住|的房子|这户|自己家)+(?:是|在|这里|这边)*|家住|住址|家庭住址|住在"
BUILDING = r"[0-9a-z一二三四五六七八九十]{1,4}\s?(?:号楼|[栋幢座]|楼|#|号|-|—|/)"
UNIT = r"[0-9一二三四五六七八九十]{1,3}\s?(?:单元|门|-|—|/)"
FLOOR = r"[0-9一二三四五六七八九十]{1,3}\s?[楼层]"
NO_SUM = r"(?!\s*(?:元|块|度|吨|平|米|㎡|年|月|天|多|几|个|分|斤|户|人|次|万|%|kwh|\d))"
FLAT = rf"(?:[0-9]{{3,4}}(?:室|户|房|号房)?{NO_SUM}|[0-9]{{1,2}}(?:室|号房|户)|[东西中南北]{{1,2}}户)"
GATE = r"[东西中南北]{1,2}门"
"""A flat's door where a home is spoken of, else a gate of the estate."""
SPOKEN_FLAT = r"(?:[零〇一二两三四五六七八九幺]{3,4}(?:室|户|房)?)"
ANY_FLAT = rf"(?:{FLAT}|{SPOKEN_FLAT})"
SEP = r"[\s,，、的]{0,2}"
BEFORE = r"[在住是:：\s,，就的]{0,4}"
DOORS = (
    re.compile(
        rf"(?:{WHO})[^0-9\n。！？!?；;]{{0,14}}?{BUILDING}{SEP}(?:{UNIT})?{SEP}(?:{FLOOR})?{SEP}(?P<flat>{ANY_FLAT}|{GATE})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:{WHO}){BEFORE}(?:{UNIT}{SEP})?(?:{FLOOR}{SEP})?(?P<flat>{ANY_FLAT})", re.IGNORECASE),
    re.compile(rf"(?:{WHO}){BEFORE}(?P<flat>{FLOOR}{SEP}[东西中南北]{{1,2}}[户边侧门])", re.IGNORECASE),
    re.compile(
        rf"(?P<flat>{ANY_FLAT})\s?(?:室|房)?(?:就|也)?(?:是(?:我|俺|本人|咱)|(?:的)?(?:业主|住户)(?:本人|是我)|我家)",
        re.IGNORECASE,
    ),
)
GATES = (
    re.compile(
        rf"(?:(?:{AT_HOME}){BEFORE}|(?:{WHO}){BEFORE}{UNIT}{SEP})(?:{UNIT}{SEP})?(?:{FLOOR}{SEP})?(?P<flat>{GATE})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<flat>{GATE})(?:就|也)?是?(?:我|俺|咱)们?家"),
)
"""Of these there can be none where no gate is named."""


def find_words(text: str) -> Iterator[Span]:
    """Accounts, mail addresses and plates of the writer's own, in a text in plain spelling."""
    for found in CHAT.finditer(text):
        if found[1].lower() not in NO_ACCOUNT:
            yield found.span(1)
    for found in MAIL.finditer(text):
        yield found.span()
    for found in CAR.finditer(text):
        yield found.span(1)


def find_doors(text: str) -> Iterator[Span]:
    """Flat numbers by which the writer tells where he himself lives; building and unit stay."""
    rules = (*DOORS, *GATES) if re.search(GATE, text) else DOORS
    for rule in rules:
        for found in rule.finditer(text):
            yield found.span("flat")
