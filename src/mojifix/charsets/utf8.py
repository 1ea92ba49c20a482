r"""Readers of UTF-8, of text that was not UTF-8 or was no longer.

`Utf8` reads anything: GBK read so is mostly lost. `Cut` is UTF-8 decoded piece by piece, by a program that forgot that
a character may lie across two pieces.

>>> from mojifix.charsets import POLICIES
>>> data = "一。\n".encode()
>>> POLICIES["mended/cp936/windows"].decode(data), POLICIES["utf-8/whatwg"].decode("中文".encode("gbk"))
('一\ufffd?', '\ufffd\ufffd\ufffd\ufffd')
"""

from __future__ import annotations

import re
from functools import cache

from mojifix.charsets.pattern import ANY, LOST, Hole, Pattern, sets_of
from mojifix.charsets.reader import END, After, Reader

_MORE = ANY[0x80:0xC0]
_STRAY = ANY[0x80:0xC2] + ANY[0xF5:]
# Leads, and the second bytes that they have, by the length of the character.
_LEADS = (
    (2, ANY[0xC2:0xE0], _MORE),
    (3, b"\xe0", ANY[0xA0:0xC0]),
    (3, b"\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xee\xef", _MORE),
    (3, b"\xed", ANY[0x80:0xA0]),
    (4, b"\xf0", ANY[0x90:0xC0]),
    (4, b"\xf1\xf2\xf3", _MORE),
    (4, b"\xf4", ANY[0x80:0x90]),
)
_WHOLE = ((ANY[0xC2:0xE0], _MORE), (ANY[0xE0:0xF0], _MORE, _MORE), (ANY[0xF0:0xF5], _MORE, _MORE, _MORE))
#: bytes that `Cut` decodes at a time. Programs take 1,024 to 65,536 and cut one character in hundreds; what becomes of
#: that one is the same, and so a sentence has one or two
PIECE = 64
#: marks in a row that `Cut` explains: three characters, as 530 damages of public repositories have at most
MOST_MARKS = 6


class Utf8(Reader):
    """UTF-8 as browsers, CPython, Java and Go read it: a mark for the longest beginning of a character."""

    name = "utf-8/whatwg"
    family = "holes"

    def decode(self, data: bytes) -> str:
        return data.decode("utf-8", "replace")

    def encode(self, text: str) -> bytes:
        return text.encode("utf-8", "replace")

    def form(self, text: str) -> bytes | None:
        return None if LOST in text else text.encode()

    def back(self, text: str, after: After, never: bytes, inside: bool = False) -> tuple[Pattern, After]:
        found: Pattern = []
        for i, part in enumerate(reversed(text.split(LOST))):
            if i:
                hole = _without(_losses(after), never)
                found.append(hole)
                after = _first(hole)
            if part:
                found.append(run := part.encode())
                after = frozenset(run[:1])
        return found, after


@cache
def _losses(after: After) -> Hole:
    """What is one mark in UTF-8 before one of the bytes `after`; of leads, a little more."""
    alone = {lead for _, leads, seconds in _LEADS if not after.issubset(seconds) for lead in leads}
    found: list[tuple[bytes, ...]] = [(bytes(sorted({*_STRAY, *alone})),)]
    if not after.issubset(_MORE):
        found += [(ANY[0xE0:0xF5], _MORE), (ANY[0xF0:0xF5], _MORE, _MORE)]
    return (*found, sets_of(LOST.encode()))


@cache
def _without(hole: Hole, never: bytes) -> Hole:
    """The alternatives of a hole without the values that no byte can have had."""
    return tuple(left for sets in hole if all(left := tuple([known.translate(None, never) for known in sets])))


@cache
def _first(hole: Hole) -> After:
    return frozenset(byte for known, *_ in hole for byte in known)


class Cut(Utf8):
    """UTF-8 read piece by piece: of a character that lies across two pieces, the first part is one mark, and each byte
    behind it another: two marks to four. One alone is what any program leaves of what it could not read."""

    name = "utf-8/cut"
    family = "stumps"

    def decode(self, data: bytes) -> str:
        """Read bytes in pieces of `PIECE`."""
        return "".join(data[at : at + PIECE].decode("utf-8", "replace") for at in range(0, len(data), PIECE))

    def back(self, text: str, after: After, never: bytes, inside: bool = False) -> tuple[Pattern, After]:
        found: Pattern = []
        parts = re.split(f"({LOST}+)", text)
        for i in range(len(parts) - 1, -1, -1):
            if i % 2:
                at, marks = len("".join(parts[:i])), len(parts[i])
                hole = _cut(marks) if marks <= MOST_MARKS else ()
                if hole:
                    found.append(hole)
                    after = _first(hole)
                elif marks == 1 and (after == {END} or not (at or inside)):  # at an end it stays as it stands
                    found.append(LOST.encode())
                    after = frozenset(LOST.encode()[:1])
                else:
                    raise UnicodeEncodeError(self.name, text, at, at + marks, "not what a cut leaves")
            elif parts[i]:
                found.append(run := parts[i].encode())
                after = frozenset(run[:1])
        return found, after


@cache
def _cut(marks: int) -> Hole:
    """What so many marks in a row may have been: whole characters, each two marks or more."""
    found: dict[tuple[bytes, ...], None] = {} if marks else {(): None}
    for char in _WHOLE:
        for own in range(2, min(len(char), marks) + 1):
            found |= {(*char, *rest): None for rest in _cut(marks - own)}
    return tuple(sorted(found, key=len))
