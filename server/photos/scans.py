"""How much work a JPEG asks for, told from its markers without decoding it."""

import re

START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
START_OF_SCAN, END, ALONE = 0xDA, 0xD9, frozenset({0x01, *range(0xD0, 0xD9)})
NEXT_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
"""Within pixels 0xFF is followed by zero or a restart number; anything else ends the scan.

Of filling 0xFFs the last one counts. One byte at the head, so that the search runs at memchr's pace.
"""


def pixels_and_scans(jpeg: bytes, *, most: int) -> tuple[int, int]:
    """The pixels of the frame and its scans up to the picture's own end; counting stops past `most`."""
    pixels = scans = 0
    at = 2
    while scans <= most and (found := NEXT_MARKER.search(jpeg, at)):
        marker, at = found[1][0], found.end()
        if marker == END:
            break
        if marker in ALONE:
            continue
        if marker in START_OF_FRAME:
            height, width = jpeg[at + 3 : at + 5], jpeg[at + 5 : at + 7]
            pixels = max(pixels, int.from_bytes(height) * int.from_bytes(width))
        scans += marker == START_OF_SCAN
        at += int.from_bytes(jpeg[at : at + 2])
    return pixels, scans
