"""`python -m server.policy [FOLDER]`: say whether the rule books can be used, before anything is restarted."""

import sys
from pathlib import Path
from typing import TextIO

from server.policy.loader import COUNTIES, BookError, load_books


def main(arguments: list[str], out: TextIO) -> int:
    """Write one line a book, or one a fault; 0 when all books are whole, 1 when not."""
    folder = Path(arguments[0]) if arguments else COUNTIES
    try:
        found = load_books(folder)
    except BookError as error:
        out.writelines(f"{fault}\n" for fault in error.faults)
        out.write(f"共 {len(error.faults)} 处需要修改，改好后请再检查一次。\n")
        return 1
    if not found:
        out.write(f"{folder.name} 里没有规则书（*.toml），请检查文件夹是否写对。\n")
        return 1
    out.writelines(
        f"{book.county_name}（{book.county_id}）可用，版本 {book.version}，小类 {len(book.kinds)} 个。\n"
        for book in found.values()
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
