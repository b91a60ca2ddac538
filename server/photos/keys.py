"""Keys of stored photos: our own random names, never a path from outside."""

import re

KEY = re.compile(r"[0-9A-Za-z_-]{1,80}(?:/[0-9A-Za-z_-]{1,80}){0,3}(?:\.[0-9a-z]{1,8})?")


def checked(key: str) -> str:
    """The key itself when it is a plain name; ValueError for anything that could leave the store."""
    if not KEY.fullmatch(key):
        raise ValueError("a photo key is letters, digits, - and _, with / between and one suffix")
    return key
