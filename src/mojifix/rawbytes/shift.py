"""Bytes that are missing or too many between pairs.

GBK and its like have two bytes a character and no mark of where one begins. Where a byte is missing, all that follows
is read one byte out of step, up to the next ASCII: other hanzi, most of them rare. What that costs in the model tells
it from text, and a byte that belongs to no character, for some bits, is the place where reading gets in step again.

>>> data = "我们明天早上去公园".encode("gbk")
>>> steps(data[:3] + data[4:], "gb18030")
[(0, 2, False), (2, 3, True), (3, 17, False)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mojifix.charsets.tables import cells
from mojifix.lattice import Lattice
from mojifix.model import State, load
from mojifix.reading import strict
from mojifix.search import Reading, best_reading

#: bits of a byte that belongs to no character. A shift of four hanzi costs some 25 bits more than they do in step; of
#: 2,961 paragraphs of unseen web text none is worth it
BREAK = 24.0
#: bits of a byte that was put there: any of 256; of a character that lost one of its two
ADDED, HALVED = 8.0, 1.0
#: characters before and behind that say what was lost
BEFORE, BEHIND = 8, 6
_CODECS = {"gb18030": "gbk", "big5hkscs": "big5hkscs"}

Stretch = tuple[int, int, bool]
"""Bytes in step, or (True) a byte that belongs to no character, or a character with such a byte inside."""

_Way = tuple[float, State, int, bool]
"""Bits up to a place, the state of the model there, the place before, and whether a single byte led here."""


def suspicious(data: bytes, encoding: str, usual: re.Pattern[str]) -> bool:
    """Whether bytes may be out of step somewhere: they are no text, or none of a run of hanzi is usual; and one byte
    further there are usual ones."""
    text = strict(data, encoding)
    if text is not None:
        return any(_otherwise(run[0], encoding, usual) for run in _RUN.finditer(text) if not usual.search(run[0]))
    found = data.decode(encoding, "ignore") + data[1:].decode(encoding, "ignore")
    return len(usual.findall(found)) >= LEAST * len(_HANZI.findall(found))


def _otherwise(text: str, encoding: str, usual: re.Pattern[str]) -> bool:
    between = text.encode(encoding)[1:-1].decode(encoding, "ignore")
    return SHARE * len(usual.findall(between)) >= len(text)


_RUN = re.compile("[㐀-鿿\ue000-\uf8ff]{8,}")
_HANZI = re.compile("[㐀-鿿\ue000-\uf8ff]")
#: of so many hanzi at least one is usual, where text is in step: of text 33 to 45 % are
SHARE = 5
#: the share of usual hanzi read from either byte on, from which on bytes that are no text may be out of step: 98 % of
#: lines of technical and web text with a byte missing have more, of random bytes 5 %. With 0.1 it is 95 %
LEAST = 0.04


def known(encoding: str) -> bool:
    """Whether an encoding is one of pairs that are read here."""
    return encoding in _CODECS


def steps(data: bytes, encoding: str) -> list[Stretch]:
    """The likeliest way to read bytes in pairs, in time linear in their number."""
    return _stretches(_ways_to(data, encoding))


def bits(data: bytes, encoding: str) -> float:
    """What that way costs."""
    last = _ways_to(data, encoding)[-1]
    assert last is not None  # single bytes lead there if nothing else does
    return last[0]


def _ways_to(data: bytes, encoding: str) -> list[_Way | None]:
    model = load()
    step = model.script(data.decode(encoding, "ignore"))
    best: list[_Way | None] = [(0.0, model.start, 0, False)] + [None] * len(data)
    for at in range(len(data)):
        come = best[at]
        if come is None:
            continue
        before, state, _, _ = come
        ways: list[tuple[int, float, State, bool]] = [(at + 1, BREAK, model.unknown, True)]
        if char := _char(data, at, encoding):
            more, after = step(state, char[0])
            ways.append((at + char[1], more, after, False))
        if data[at] >= 0x80 and (around := split(data[at : at + 3], encoding)):
            more, after = step(state, around)
            ways.append((at + 3, BREAK + ADDED + more, after, True))
        for to, more, after, lone in ways:
            there = best[to]
            if there is None or before + more < there[0]:
                best[to] = (before + more, after, at, lone)
    return best


def split(data: bytes, encoding: str) -> str | None:
    """The character into which a byte has come: of three bytes the first and the last."""
    return cells(_CODECS[encoding]).get(data[::2]) if len(data) == 3 else None


def _char(data: bytes, at: int, encoding: str) -> tuple[str, int] | None:
    if data[at] < 0x80:
        return chr(data[at]), 1
    if char := cells(_CODECS[encoding]).get(data[at : at + 2]):
        return char[0], 2
    if encoding == "gb18030":
        for size in (2, 4):
            form = data[at : at + size]
            char = strict(form, "gb18030") or ""
            if len(char) == 1 and len(form) == size:
                return char, size
    return None


def _stretches(best: list[_Way | None]) -> list[Stretch]:
    found: list[Stretch] = []
    at = len(best) - 1
    while at:
        come = best[at]
        assert come is not None
        _, _, before, lone = come
        if found and not lone and not found[-1][2]:
            found[-1] = before, found[-1][1], False
        else:
            found.append((before, at, lone))
        at = before
    return found[::-1]


@cache
def _halves(encoding: str) -> tuple[dict[int, str], dict[int, str]]:
    """The characters of a charset by their first bytes, and by their second ones."""
    leads: dict[int, str] = {}
    trails: dict[int, str] = {}
    for cell, char in cells(_CODECS[encoding]).items():
        if len(cell) == 2 and len(char) == 1:
            leads[cell[0]] = leads.get(cell[0], "") + char
            trails[cell[1]] = trails.get(cell[1], "") + char
    return leads, trails


def half(value: int, encoding: str) -> bool:
    """Whether a byte is half of any character."""
    return any(value in chars for chars in _halves(encoding))


def whole(before: str, value: int, behind: str, encoding: str) -> Reading:
    """What a single byte may have been: half of a character, or nothing."""
    before = before[-BEFORE:].rpartition("\n")[2]
    behind = behind[:BEHIND].partition("\n")[0]
    leads, trails = _halves(encoding)
    lattice = Lattice()
    lattice.arcs[-1] = [*_either(leads.get(value, "") + trails.get(value, ""))]
    lattice.arcs.append([])
    model = load()
    step = model.script(before + behind)
    _, state = step(model.start, before)
    return best_reading(lattice.then(behind) if behind else lattice, model, start=state, step=step)


def _either(chars: str) -> Iterator[tuple[str, int, float, bool]]:
    if chars:
        yield "".join(dict.fromkeys(chars)), 1, HALVED, True
    yield "", 1, ADDED, False
