"""A quick look that spares most texts the search for numbers; it may say yes for nothing, never no for something.

Only Chinese letters and ordinary marks are judged here: whatever else stands in a text, be it a digit in a circle
or a letter that nobody sees, wants the whole search.
"""

import re

from server.core.mask_plain import DIGITS

HAN = "\u3400-\u9fff"
MARKS = " \t\n\r\u3000、。〈〉《》「」『』【】〔〕·—‘’“”…，！？；：（）～!-/:-@\\[-`{-~"
"""What stands between words and is nothing else in plain spelling."""
ODD = re.compile(f"[^{HAN}{MARKS}]")
DIGIT = f"[{''.join(DIGITS)}]"
BETWEEN = f"[^{HAN}]*(?:[杠点空][^{HAN}]*)?"
"""All that `mask_digits.GAP` lets stand between two groups of a number, and more."""
SPELT = re.compile(f"{DIGIT}(?:{BETWEEN}{DIGIT}{BETWEEN}{DIGIT}|[^{HAN}]{{4,}}{DIGIT}|[^{HAN}]*[@#艾])")
"""Three Chinese digits in a row, two far apart as in an account, or one before a mail's sign."""
SIDE = re.compile(
    f"[东西中南北][^{HAN}]*[户门]"
    f"|[楼层][^{HAN}]*(?:的[^{HAN}]*){{0,2}}[东西中南北][^{HAN}]*(?:[东西中南北][^{HAN}]*)?[边侧]"
)
"""A door named by where it lies."""
WRITER = re.compile("[我俺咱本住]")
"""Without such a word a door is nobody's own."""


def worth_a_look(text: str) -> bool:
    """Whether there may be something to mask."""
    if ODD.search(text) or SPELT.search(text):
        return True
    return SIDE.search(text) is not None and WRITER.search(text) is not None
