"""Saying in plain sentences whether a rule book, or a folder of them, can be used; needs no database."""

from pathlib import Path
from typing import TextIO

from server.policy.binding import EVER
from server.policy.layers import COUNTIES
from server.policy.loader import BookError, load_book, load_versions
from server.policy.model import Book
from server.policy.shelf import quarrels


def main(arguments: list[str], out: TextIO) -> int:
    """Write one line a book, or one a fault; 0 when all books are whole, 1 when not."""
    where = Path(arguments[0]) if arguments else COUNTIES
    try:
        found = _read(where)
    except BookError as error:
        out.writelines(f"{fault}\n" for fault in error.faults)
        out.write(f"共 {len(error.faults)} 处需要修改，改好后请再检查一次。\n")
        return 1
    if not found:
        out.write(f"{where.name} 里没有规则书（*.toml），请检查文件夹是否写对。\n")
        return 1
    out.writelines(f"{sentence(book)}\n" for book in found)
    return 0


def sentence(book: Book) -> str:
    """What the book is, and from when it holds."""
    since = "一直" if book.in_force_from == EVER else f"从 {book.in_force_from} 起"
    return (
        f"{book.county_name}（{book.county_id}）可用，版本 {book.version}，{since}执行，"
        f"小类 {len(book.kinds)} 个。"
    )


def _read(where: Path) -> list[Book]:
    """The books at a place. BookError with every fault, also with those against the books that ship."""
    if where.is_dir():
        found = load_versions(where)
    elif where.name.startswith("_"):
        raise BookError([f"{where.name}：以下划线开头的文件只供继承，请检查继承它的规则书。"])
    else:
        found = [(where.name, load_book(where))]
    shipped = tuple(book for _, book in load_versions(COUNTIES)) if where.resolve() != COUNTIES else ()
    faults = quarrels(found, shipped)
    if faults:
        raise BookError(faults)
    return [book for _, book in found]
