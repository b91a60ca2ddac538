"""Tables as people send them, XLSX, XLS or CSV, turned into rows of plain text."""

import csv
import json
import re
import subprocess
import sys
import unicodedata
from io import StringIO
from typing import cast

from server.core.errors import Invalid, TooLarge
from server.estates import workbook_process
from server.estates.import_columns import HEADER_WITHIN

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
SECONDS = 60
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
ASK = "请用 Excel 或 WPS 另存为 .xlsx 后再试。"
LARGE = f"表格太大，或很远的地方还有内容（最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列）。请删掉多余内容，或分成几个文件导入。"

Rows = list[list[str]]


def read_tables(data: bytes) -> list[Rows]:
    """The visible sheets of a file in order, each as rows of text; Invalid or TooLarge with what to do."""
    if not data.strip():
        raise Invalid("文件是空的，没有内容。")
    if len(data) > MAX_BYTES:
        raise TooLarge(f"表格超过 {MAX_BYTES // 2**20} MB，请分成几个文件导入。")
    binary = data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    tables = _workbook(data) if binary else [_csv(data)]
    return [[[tidy(cell) for cell in row] for row in table] for table in tables]


def tidy(text: str) -> str:
    """A cell without invisible letters, composed and trimmed."""
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text).replace("\r\n", "\n")).strip()


def _workbook(data: bytes) -> list[Rows]:
    asked = [sys.executable, "-I", workbook_process.__file__, str(MAX_ROWS), str(MAX_COLUMNS)]
    try:
        done = subprocess.run(asked, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise TooLarge(LARGE) from error
    if done.returncode == workbook_process.LOCKED:
        raise Invalid("表格设了密码，打不开。请去掉密码后再导入。")
    if done.returncode == workbook_process.TOO_LARGE:
        raise TooLarge(LARGE)
    if done.returncode:
        raise Invalid(f"表格已损坏或太大，打不开。{ASK}")
    return cast(list[Rows], json.loads(done.stdout))


def _csv(data: bytes) -> Rows:
    text = _decoded(data)
    top = "\n".join(text.splitlines()[:HEADER_WITHIN])
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=max(",\t;，", key=top.count)))
    except csv.Error as error:
        raise Invalid(f"表格已损坏，打不开。{ASK}") from error
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise TooLarge(LARGE)
    return rows


def _decoded(data: bytes) -> str:
    """Text in any of the encodings that Excel and WPS write."""
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and text.strip():
            return text
    raise Invalid(f"这不是 XLSX、XLS 或 CSV 表格，读不出来。{ASK}")
