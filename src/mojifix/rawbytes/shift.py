"""Bytes that are missing or too many between pairs.

GBK and its like have two bytes a character and no mark of where one begins. Where a byte is missing, all that follows
is read one byte out of step, up to the next ASCII: other hanzi, most of them rare. What that costs in the model tells
it from text, and a byte that belongs to no character, for some bits, is the place where reading gets in step again.
UTF-16 has no ASCII between its pairs: one CR that a program took away, and all is Yi and Hangul to the end of the file.

>>> data = "我们明天早上去公园".encode("gbk")
>>> steps(data[:3] + data[4:], "gb18030")
[(0, 2, False), (2, 3, True), (3, 17, False)]
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache
from unicodedata import category

from mojifix.charsets.tables import cells
from mojifix.lattice import Lattice
from mojifix.model import State, Step, load
from mojifix.rawbytes.glance import UNITS, doubt
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
#: bits of a character that has lost its CR or LF where a program took away all of them: one unit of 60 of Chinese text
#: has such a byte
GONE = 6.0
#: bytes that are looked at as one; those that are read closely where they are in doubt; at the end of either those that
#: are read again with what follows, and so many before a doubt: a shift shows within a dozen characters
CHUNK, CLOSE, AGAIN = 1024, 320, 64

Stretch = tuple[int, int, bool]
"""Bytes in step, or (True) a byte that belongs to no character, or a character with such a byte inside."""

_Way = tuple[float, State, int, bool]
"""Bits up to a place, the state of the model there, the place before, and whether a single byte led here."""


def known(encoding: str) -> bool:
    """Whether an encoding is one of pairs that are read here."""
    return encoding in _CODECS or encoding in UNITS


def wide(encoding: str) -> bool:
    """Whether it has no ASCII between its pairs."""
    return encoding in UNITS


def gone(data: bytes, encoding: str) -> int | None:
    """CR or LF, if a program may have taken away the byte wherever it stood."""
    return next((byte for byte in b"\r\n" if byte not in data), None) if wide(encoding) else None


def steps(data: bytes, encoding: str) -> list[Stretch]:
    """The likeliest way to read bytes in pairs, in time linear in their number.

    What is in step is passed over, and each place that is not read closely, with some characters around it.
    """
    found: list[Stretch] = []
    lost = gone(data, encoding)
    at = 0
    while at < len(data):
        for first, end, lone in _next_steps(data, at, encoding, lost):
            if found and not lone and not found[-1][2]:
                found[-1] = found[-1][0], end, False
            else:
                found.append((first, end, lone))
        at = found[-1][1]
    return found


def _next_steps(data: bytes, at: int, encoding: str, lost: int | None) -> list[Stretch]:
    """What comes next: a stretch in step, or what is read closely because some of it is not."""
    chunk = data[at : at + CHUNK]
    last = at + CHUNK >= len(data)
    place = doubt(chunk if last else chunk[: _size(chunk, encoding) or CHUNK], encoding)
    if place is None and last:
        return [(at, len(data), False)]
    size = _size(chunk[: max(0, (CHUNK if place is None else place) - AGAIN)], encoding)
    if size:
        return [(at, at + size, False)]
    chunk = chunk[:CLOSE]
    new = _stretches(_ways_to(chunk, encoding, lost))
    if at + CLOSE < len(data):
        new = _before(new, CLOSE - AGAIN, chunk, encoding)
    return [(at + first, at + end, lone) for first, end, lone in new]


def _size(data: bytes, encoding: str) -> int:
    """The bytes of whole characters from the start on; none if there is any other among them."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(data)
    except UnicodeDecodeError:
        return 0
    return len(data) - len(decoder.getstate()[0])


def _before(stretches: list[Stretch], end: int, data: bytes, encoding: str) -> list[Stretch]:
    """Stretches up to a place, or to the beginning of the character there."""
    found = [stretch for stretch in stretches if stretch[0] < end]
    first, last, lone = found[-1]
    if not lone and last > end:
        found[-1:] = [(first, first + size, False)] if (size := _size(data[first:end], encoding)) else []
    return found or stretches


def bits(data: bytes, encoding: str) -> float:
    """What that way costs."""
    last = _ways_to(data, encoding)[-1]
    assert last is not None  # single bytes lead there if nothing else does
    return last[0]


def _ways_to(data: bytes, encoding: str, lost: int | None = None) -> list[_Way | None]:
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
        if (data[at] >= 0x80 or encoding in UNITS) and (around := split(data[at : at + 3], encoding)):
            more, after = step(state, around)
            ways.append((at + 3, BREAK + ADDED + more, after, True))
        if lost is not None:
            ways += ((at + 1, GONE + more, after, True) for more, after in _lacking(data[at], lost, step, state))
        for to, more, after, lone in ways:
            there = best[to]
            if there is None or before + more < there[0]:
                best[to] = (before + more, after, at, lone)
    return best


def _lacking(value: int, lost: int, step: Step, state: State) -> Iterator[tuple[float, State]]:
    """What a byte costs as the rest of a unit that has lost its CR or LF."""
    if not value:
        yield 0.0, state
    for char in filter(None, (_readable(value << 8 | lost), _readable(lost << 8 | value))):
        yield step(state, char)


def split(data: bytes, encoding: str) -> str | None:
    """The character into which a byte has come: of three bytes the first and the last."""
    if encoding in UNITS:
        return unit[0] if len(data) == 3 and (unit := _unit(data[::2], 0, encoding)) else None
    return cells(_CODECS[encoding]).get(data[::2]) if len(data) == 3 else None


def _unit(data: bytes, at: int, encoding: str) -> tuple[str, int] | None:
    """A character of UTF-16, unless it is a control character."""
    if at + 1 >= len(data):
        return None
    code = data[at] | data[at + 1] << 8 if encoding == "utf-16-le" else data[at] << 8 | data[at + 1]
    if 0xD800 <= code < 0xE000:
        pair = strict(data[at : at + 4], encoding) or ""
        return (pair, 4) if len(pair) == 1 else None
    return (char, 2) if category(char := chr(code)) not in ("Cc", "Cn") or char in "\t\n\r" else None


def _char(data: bytes, at: int, encoding: str) -> tuple[str, int] | None:
    if encoding in UNITS:
        return _unit(data, at, encoding)
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
    return encoding in UNITS or any(value in chars for chars in _halves(encoding))


def whole(before: str, value: int, behind: str, encoding: str, lost: int | None = None) -> Reading:
    """What a single byte may have been: half of a character, or nothing; `lost` is a byte that there is not one of."""
    before = before[-BEFORE:].rpartition("\n")[2]
    behind = behind[:BEHIND].partition("\n")[0]
    lattice = Lattice()
    other = 0.0 if lost is None else ADDED
    lattice.arcs[-1] = [("", 1, ADDED + other, False)]
    if lost is not None and (chars := _readable(value << 8 | lost) + _readable(lost << 8 | value)):
        lattice.arcs[-1].append((chars, 1, HALVED, True))
    if chars := _with(value, encoding):
        lattice.arcs[-1].append((chars, 1, HALVED + other, True))
    lattice.arcs.append([])
    model = load()
    step = model.script(before + behind)
    _, state = step(model.start, before)
    return best_reading(lattice.then(behind) if behind else lattice, model, start=state, step=step)


@cache
def _with(value: int, encoding: str) -> str:
    """The characters of which a byte is a half."""
    if encoding in UNITS:
        codes = [code for other in range(256) for code in (value << 8 | other, other << 8 | value)]
        return "".join(dict.fromkeys(map(_readable, codes)))
    leads, trails = _halves(encoding)
    return "".join(dict.fromkeys(leads.get(value, "") + trails.get(value, "")))


def _readable(code: int) -> str:
    """The character of a number; nothing if it is none that a text has."""
    return char if (char := chr(code)).isprintable() or char == "\u3000" else ""
