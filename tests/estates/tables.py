"""Tables as people send them, made on the spot."""

import csv
import struct
from io import BytesIO, StringIO

from xlsxwriter import Workbook

HEADS = ["序号", "社区名称", "小区名称", "类别", "入驻物业管理企业名称", "物业管理性质", "入驻时间"]
HEADS += ["服务内容", "物业负责人", "联系电话", "备注", "镇街", "户数", "建筑面积", "楼栋"]


def line(name="梅花园", **own):
    cells = {"序号": "1", "社区名称": "梅园社区", "小区名称": name, "镇街": "山城街道"} | own
    return [cells.get(head, "") for head in HEADS]


def as_csv(rows, encoding="utf-8-sig", delimiter=","):
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows, *, merged=(), before=()):
    """A workbook; `before` are sheets that stand in front, `merged` are (first row, first column, last row, last column)."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        for name in before:
            book.add_worksheet(name).write(0, 0, "说明")
        sheet = book.add_worksheet("小区")
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if cell != "":
                    sheet.write(y, x, cell)
        for top, left, bottom, right in merged:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
    return out.getvalue()


def as_xls(rows):
    """A minimal Excel 97 file: one stream of BIFF8 records in an OLE2 container."""
    stream = _records(rows)
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    chain = [*range(1, sectors), end, end, 0xFFFFFFFD]
    table = b"".join(struct.pack("<I", one) for one in chain).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, sectors, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", sectors + 1) + struct.pack("<I", free) * 108
    folder = _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, free, 0, len(stream))
    return header + stream + folder.ljust(512, b"\0") + table


def _entry(name, kind, child, start, size):
    text = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text) + 2, kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def _records(rows):
    name = "小区".encode("utf-16-le")
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    bound = struct.pack("<HBB", 0, 2, 1) + name
    at = len(begin) + 4 + 4 + len(bound) + 4
    books = begin + _record(0x85, struct.pack("<I", at) + bound) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 0))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                text = cell.encode("utf-16-le")
                sheet += _record(0x204, struct.pack("<HHHHB", y, x, 0, len(cell), 1) + text)
            elif cell != "":
                sheet += _record(0x203, struct.pack("<HHHd", y, x, 0, cell))
    return books + sheet + _record(0x0A, b"")
