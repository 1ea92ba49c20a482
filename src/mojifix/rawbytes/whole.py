"""Bytes that are read as a whole, and not line by line: with a mark, in units of two or four, or with shifts.

>>> whole("第二章".encode("utf-16-le")).parts
(Part(start=0, end=6, encoding='utf-16-le'),)
>>> whole("第二章".encode("gbk")) is None
True
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from math import inf

from mojifix.rawbytes import shift
from mojifix.rawbytes.candidates import BIG5, GB18030, LONG, RANDOM, RAW, SURE, UTF8, WIDE, Encoding
from mojifix.rawbytes.glance import doubt, suspicious
from mojifix.rawbytes.languages import JA, KO, ZH
from mojifix.rawbytes.shift import BREAK
from mojifix.rawbytes.votes import vote
from mojifix.reading import ESCAPES, EURO, Part, Reading, decoded, strict

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"), ("\ufeff".encode("gb18030"), "gb18030"),
)  # fmt: skip
#: encodings that write in ASCII, and what shows that they do
_SHIFTS = (
    (b"~{", Encoding("hz", 2.0, ZH)),
    (b"\x1b$B", Encoding("iso2022_jp_2", 2.0, JA)), (b"\x1b$@", Encoding("iso2022_jp_2", 2.0, JA)),
    (b"\x1b$A", Encoding("iso2022_jp_2", 2.0, ZH)), (b"\x1b$(", Encoding("iso2022_jp_ext", 2.0, JA)),
    (b"\x1b$)C", Encoding("iso2022_kr", 2.0, KO)),
)  # fmt: skip
_INSIDES = {codecs.BOM_UTF16_LE: WIDE[0], codecs.BOM_UTF16_BE: WIDE[1], codecs.BOM_UTF8: UTF8}
_INSIDE = re.compile(rb"\xff\xfe|\xfe\xff|\xef\xbb\xbf")
#: bytes behind a mark that tell it from two bytes of any text, at least and at most, and the bits by which they do
LEAST, AFTER, MARK = 8, 256, 12.0
_CRLF, _WIDE_CRLF = b"\r\n", b"\r\0\n"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\udc80-\udfff]")
#: characters for each control character in damaged text
CONTROLS = 25
#: bytes up to which text in units of two may well have no control characters in it: of 60 hanzi none has
SHORT = 256


def whole(data: bytes, undoing: bool = True) -> Reading | None:
    """How bytes are read if they are not read line by line; with `undoing`, after something is undone to them."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _mended(data, name, len(mark), undoing)
    if data.isascii():
        for mark, row in _SHIFTS:
            if mark in data and (text := strict(data, row.name)) is not None and len(text) < len(data):
                at = max(0, data.find(mark) - LONG // 2)
                if row.cost(data[at:]) + row.bits < UTF8.cost(data[at:]):
                    return Reading((Part(0, len(data), row.name),))
    sample = data[: LONG - LONG % 4]
    if len(data) > 1 and (_CONTROL.search(sample) or (len(data) <= SHORT and len(data) % 2 == 0)):
        ways = {row: bits + row.bits for row in WIDE if (bits := _wide(sample, row)) is not None}
        best = min(ways, key=ways.__getitem__, default=None)
        # Of what has no high byte chardet has nothing to say.
        rows = {UTF8: 0.0, RAW: 0.0} | ({} if sample.isascii() else vote(sample))
        least = min(row.cost(sample) + row.bits + more for row, more in rows.items())
        if best and ways[best] < min(least, RANDOM * len(sample) + SURE):
            return _mended(data, best.name, 0, undoing)
    return None


def joined(data: bytes) -> list[int]:
    r"""Where another file begins inside of bytes: a mark of UTF-16, or of UTF-8 behind UTF-16, and what follows costs
    less in it than in what came before.

    >>> joined("第一章\n".encode("gbk") + "第二章\n".encode("utf-16"))
    [7]
    """
    found: list[int] = []
    mark = _INSIDE.search(data, 1)
    row = _kind(data[: mark.start()]) if mark else None
    while mark:
        at, start = mark.span()
        new = _INSIDES[mark[0]]
        after = _INSIDE.search(data, start, start + AFTER)
        end = after.start() if after else start + AFTER
        # FF FE may be halves of two characters, too: most often in what came before, so that this is asked first.
        wides = sorted(WIDE[:2], key=lambda wide: wide is not row)
        ways = [(data[first:end], wide) for wide in wides for first in (at - 1, at)]
        ways += [(data[at:end], known) for known in (GB18030, BIG5, RAW) if new is not UTF8]
        enough = end - start >= LEAST and (new is not UTF8 or row in WIDE)
        least = _bits(data[start:end], new) + MARK if enough else inf
        if least < inf and all(least < _bits(*way) for way in ways):
            found.append(at)
            row = new
            mark = _INSIDE.search(data, start)
        else:
            mark = _INSIDE.search(data, at + LONG // 4)  # in time linear in the bytes, whatever they are
    return found


def _bits(data: bytes, row: Encoding) -> float:
    if row not in WIDE:
        return row.cost(data)
    return inf if (bits := _wide(data, row)) is None else bits


def _kind(data: bytes) -> Encoding | None:
    """The row of bytes that are in units of two or four."""
    reading = whole(data)
    return next((row for row in WIDE if reading and row.name == reading.parts[0].encoding), None)


def _wide(data: bytes, row: Encoding) -> float | None:
    """The bits of bytes in units of two or four, some of which may be missing; None if they are none."""
    ways = [_in_step(data, row.name)]
    if _CRLF in data and _WIDE_CRLF not in data:
        ways.append(_in_step(ESCAPES["crlf"](data), row.name))
    costs = [row.cost(whole) + BREAK * lone for whole, lone in ways if _no_controls(decoded(whole, row.name))]
    return min(costs, default=None)


def _in_step(data: bytes, name: str) -> tuple[bytes, int]:
    """Bytes without those that belong to no unit, and how many these are."""
    if shift.known(name) and suspicious(data, name):
        found = shift.steps(data, name)
        return b"".join(data[first:last] for first, last, lone in found if not lone), sum(lone for _, _, lone in found)
    return _even(data), 0


def _even(data: bytes) -> bytes:
    return data[: len(data) // 2 * 2]


def _no_controls(text: str) -> bool:
    """Whether text has hardly any control characters: programs have as many zeros as text in such units."""
    return CONTROLS * len(_CONTROLS.findall(text)) <= len(text)


def _mended(data: bytes, name: str, start: int, undoing: bool) -> Reading:
    """Line ends of two bytes that a program put into units of two shift all that is behind them, as do bytes that it
    took away."""
    undo: tuple[str, ...] = ()
    if undoing and _CRLF in data and _WIDE_CRLF not in data and name.startswith(("utf-16", "utf-32")):
        row = next(row for row in WIDE if row.name == name)
        at = max(start, data.find(_CRLF) - 64) // 4 * 4 + start % 4
        some = data[at : at + LONG]
        (found, lone), (other, less) = _in_step(some, name), _in_step(ESCAPES["crlf"](some), name)
        if row.cost(other) + BREAK * less < row.cost(found) + BREAK * lone:
            data, undo = ESCAPES["crlf"](data), ("crlf",)
    return Reading(tuple(parts(data, start, len(data), name)), undo)


def parts(data: bytes, start: int, end: int, name: str) -> Iterator[Part]:
    """A stretch of one encoding; where it is of pairs and out of step, what is in step, and single bytes."""
    if not shift.known(name) or doubt(data[start:end], name) is None:
        yield Part(start, end, name)
        return
    for first, last, lone in shift.steps(data[start:end], name):
        single = EURO if data[start + first] == 0x80 and name == "gb18030" else RAW.name
        yield Part(start + first, start + last, single if lone else name)
