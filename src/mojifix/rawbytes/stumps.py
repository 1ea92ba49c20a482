"""UTF-8 with stumps: characters of which some bytes were lost, and the others are still there.

A program read UTF-8 as GBK or Windows-1252, lost what it could not read, and wrote the rest back; so `E5 99 A8` became
`E5 99 3F`. The bytes are what that program has written, hence what it has seen is known exactly but for the question
marks, and from there the way backward is that of every reader (`mojifix.charsets`).

>>> data = "机器学习".encode().decode("cp1252", "replace").encode("cp1252", "replace")
>>> readings([data])[0].text
'机器学习'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from mojifix.charsets import ANY, CHARSETS, POLICIES, Hole, Pattern, Policy
from mojifix.lattice import read
from mojifix.model import load
from mojifix.search import Reading, best_reading

#: bits of a program; those that browsers, Windows and Python run first. A cut of an unknown kind explains less
_PROGRAMS = {
    "cp936/windows": 0.0, "cp936/icu": 0.0, "gbk/cpython": 0.0, "cp1252/cpython": 0.0, "gb18030/cpython": 2.0,
    "gbk/whatwg": 2.0, "gbk/java": 2.0, "gbk/go": 3.0, "cp1252/php": 0.0, "cp950/windows": 4.0, "cp950/java": 4.0,
}  # fmt: skip
CUT = 12.0
#: lines that decide which program it was
SAMPLE = 6
#: lines that are remembered: those that decide are read again, and a log says the same often
LINES = 1 << 10
_MORE = ANY[0x80:0xC0]
_THREE, _TWO = ANY[0xE2:0xF0], ANY[0xC2:0xE0]
_BROKEN = re.compile("[\udc80-\udcff]+")


def readings(lines: Sequence[bytes]) -> list[Reading | None]:
    """The best reading of each of some lines that went through one program; None where it cannot have written it."""
    programs = {name: bits for name, bits in _PROGRAMS.items() if any(_seen(line, name) for line in lines[:SAMPLE])}
    total = {name: bits + sum(_bits(line, name) for line in lines[:SAMPLE]) for name, bits in programs.items()}
    total["cut"] = CUT + sum(_bits(line, "cut") for line in lines[:SAMPLE])
    best = sorted(total, key=total.__getitem__)
    found = []
    for line in lines:
        ways = (reading for name in best if (reading := _reading(line, name)))
        found.append(next(ways, None))
    return found


def _bits(line: bytes, name: str) -> float:
    reading = _reading(line, name)
    # A line that a program cannot have written must not count for it.
    return reading.bits if reading else 16.0 * len(line)


@lru_cache(LINES)
def _reading(line: bytes, name: str) -> Reading | None:
    pattern = _cut(line) if name == "cut" else _seen(line, name)
    if not pattern:
        return None
    lattice = read(pattern, "utf-8")
    return best_reading(lattice, load()) if lattice.readable() else None


@cache
def _reader(name: str) -> Policy:
    """A program as if it showed what it writes for what it lost: "?", but in GB18030, which has U+FFFD."""
    policy = POLICIES[name]
    assert isinstance(policy, Policy)
    return policy if policy.mark == "?" or policy.wide else replace(policy, name=f"{name}/?", mark="?")


def _seen(line: bytes, name: str) -> Pattern:
    """The bytes that a program may have read where it has written these; nothing if it cannot have."""
    policy = _reader(name)
    text = policy.decode(line)
    try:
        return policy.pattern(text, never=CHARSETS["utf-8"].never) if policy.encode(text) == line else []
    except UnicodeEncodeError:
        return []


def _cut(line: bytes) -> Pattern:
    """The bytes of a line in which characters lack bytes, with no trace of a program."""
    text = line.decode("utf-8", "surrogateescape")
    found: Pattern = []
    at = 0
    for broken in _BROKEN.finditer(text):
        found.append(text[at : broken.start()].encode())
        found += _missing(broken[0].encode("utf-8", "surrogateescape"))
        at = broken.end()
    found.append(text[at:].encode())
    return [item for item in found if item]


def _missing(data: bytes) -> Pattern:
    """What stood around bytes that are no whole character: the beginning of one, or its end."""
    if data[0] in _MORE:
        before: Hole = ((_THREE,), (_THREE, _MORE)) if len(data) == 1 else ((_THREE,),)
        return [before, data] if len(data) < 3 else [((),), data]
    missing = CHARSETS["utf-8"].lengths[data[0]] - len(data)
    return [data, ((_MORE,) * missing,)] if missing > 0 else [data]
