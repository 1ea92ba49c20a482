"""Byte patterns read as lattices of text. Knows bytes and charsets, and no language.

A decoder that lost bytes leaves a `Pattern` (see `mojifix.charsets`): known runs, and holes with the bytes that may
have stood there. `read` finds everything that the pattern can be in another charset: a `Lattice`, a graph whose nodes
are places between characters and whose arcs are texts. The path that somebody wrote is for `mojifix.search` to find.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import prod
from types import MappingProxyType

from mojifix.charsets import LOST, Pattern

#: bits of a byte that is no text: more than the rarest character, so that any reading is preferred
UNREADABLE = 24.0
#: spellings of one character to look at; more unknown bytes than that leave it lost
MOST_SPELLINGS = 1 << 16
#: holes in a row, inside a character, in which nothing may have stood
MOST_SKIPPED = 8
#: bytes decoded at a time: a bad byte costs no more than this to step over
CHUNK = 1 << 12


@dataclass(frozen=True, slots=True)
class Charset:
    """How a charset groups bytes: a codec, the bytes a character goes on with, and by the byte that it begins with
    the number of its bytes (0: none begins so)."""

    codec: str
    trails: bytes
    lengths: tuple[int, ...]

    @property
    def never(self) -> bytes:
        """The bytes that do not occur in it at all."""
        return bytes(value for value in range(256) if not self.lengths[value] and value not in self.trails)

    def known(self, data: bytes, at: int) -> tuple[str, int]:
        """The characters that begin at a place in known bytes, as far as they are whole (or a chunk), and their end."""
        chunk = data[at : at + CHUNK]
        try:
            return chunk.decode(self.codec), at + len(chunk)
        except UnicodeDecodeError as error:
            return chunk[: error.start].decode(self.codec), at + error.start

    def characters(self, sets: tuple[bytes, ...]) -> str:
        """Every character whose bytes are in the sets: all spellings are tried, so keep their number low.

        >>> CHARSETS["utf-8"].characters((b"\\xe6", b"\\x98", b"\\x80\\xaf\\xff"))
        '昀是'
        """
        return _characters(self.codec, sets)


@lru_cache(1 << 14)
def _characters(codec: str, sets: tuple[bytes, ...]) -> str:
    spelled = ((bytes(spelling), bytes(spelling).decode(codec, "ignore")) for spelling in product(*sets))
    return "".join(dict.fromkeys(char for data, char in spelled if len(char) == 1 and char.encode(codec) == data))


def _utf8_length(lead: int) -> int:
    begins = ((0xF5, 0), (0xF0, 4), (0xE0, 3), (0xC2, 2), (0x80, 0), (0x00, 1))
    return next(length for first, length in begins if lead >= first)


CHARSETS = {
    "utf-8": Charset("utf-8", bytes(range(0x80, 0xC0)), tuple(map(_utf8_length, range(256)))),
    "gbk": Charset("gbk", bytes(range(0x40, 0xFF)), (*[1] * 0x80, 0, *[2] * 0x7E, 0)),
}


Arc = tuple[str, int, float, bool]
"""A text, the node behind it, its cost in bits beyond what the language costs; and whether some of it was lost: then
the text is not one text, but the characters of which one stood there."""


@dataclass(slots=True)
class Lattice:
    """``arcs[node]`` are the ways on, see `Arc`.

    Nodes are numbered from the start, 0, to the end, the last; every arc leads to a greater number.

    >>> lattice = Lattice.line("天").branch("气汽").then("好")
    >>> sorted(lattice.texts())
    ['天气好', '天汽好']
    """

    arcs: list[list[Arc]] = field(default_factory=lambda: [[]])

    @classmethod
    def line(cls, text: str) -> Lattice:
        """The lattice of one text."""
        return cls().then(text)

    def then(self, text: str) -> Lattice:
        """This lattice, and then a text."""
        return self._add(text, False)

    def branch(self, chars: str) -> Lattice:
        """This lattice, and then one of several characters."""
        return self._add(chars, True)

    def _add(self, text: str, lost: bool) -> Lattice:
        self.arcs[-1].append((text, len(self.arcs), 0.0, lost))
        self.arcs.append([])
        return self

    def texts(self, node: int = 0) -> Iterator[str]:
        """Every text that is a path; for tests, since there may be very many."""
        if node == len(self.arcs) - 1:
            yield ""
        for text, to, _, lost in self.arcs[node]:
            for rest in self.texts(to):
                yield from (char + rest for char in text) if lost else (text + rest,)


Place = tuple[int, int, int]
"""Where reading has come to in a pattern: item, byte in the item, alternative of the item. They sort by that."""


Costs = Mapping[int, tuple[float, ...]]
"""Bits of the alternatives of holes, by the number of the item; a hole without an entry costs nothing."""


def read(pattern: Pattern, charset: str, costs: Costs = MappingProxyType({})) -> Lattice:
    """Every text in `charset` whose bytes the pattern allows, in time linear in the pattern.

    Bytes that are no text (a character cut off, a byte that fits nowhere) become `LOST`, at `UNREADABLE` bits.

    >>> sorted(read([b"\\xe6\\x98", ((b"\\x80\\xaf",), ()), b"!"], "utf-8").texts())
    ['昀!', '是!']
    """
    known = CHARSETS[charset]
    ways: dict[Place, list[tuple[str, Place, float, bool]]] = {}
    agenda: list[Place] = [(0, 0, 0)]
    while agenda:
        place = heapq.heappop(agenda)
        if place in ways:
            continue
        ways[place] = arcs = list(_ways(pattern, place, known, costs)) if place[0] < len(pattern) else []
        for _, to, *_ in arcs:
            if to not in ways:
                heapq.heappush(agenda, to)
    number = {place: node for node, place in enumerate(ways)}  # in the order of the agenda, which is that of the text
    return Lattice([[(text, number[to], bits, lost) for text, to, bits, lost in arcs] for arcs in ways.values()])


def _ways(pattern: Pattern, place: Place, charset: Charset, costs: Costs) -> Iterator[tuple[str, Place, float, bool]]:
    item, at, _ = place
    content = pattern[item]
    if isinstance(content, bytes):
        text, end = charset.known(content, at)
        if text:
            yield text, _next(content, item, end, 0), 0.0, False
            return
    found = False
    for sets, to, bits, lost in _spellings(pattern, place, charset, costs):
        if prod(map(len, sets)) > MOST_SPELLINGS:
            found = True
            yield LOST, to, bits + UNREADABLE, False
        elif chars := charset.characters(sets):
            found = True
            yield chars, to, bits, lost
    if not isinstance(content, bytes) and not at and () in content:
        bits = costs[item][content.index(())] if item in costs else 0.0
        yield "", (item + 1, 0, 0), bits, False
    elif not found:
        for _, to, bits, _ in _bytes(pattern, place, costs):
            yield LOST, to, bits + UNREADABLE, False


def _next(content: bytes | tuple[bytes, ...], item: int, at: int, alternative: int) -> Place:
    return (item, at, alternative) if at < len(content) else (item + 1, 0, 0)


Byte = tuple[bytes, Place, float, bool]
"""The values that a byte may have, the place behind it, the cost, and whether it was lost."""


def _bytes(pattern: Pattern, place: Place, costs: Costs, inside: int = 0) -> Iterator[Byte]:
    """The byte at a place. Where nothing may have stood, what comes behind is looked at too if the place is inside a
    character; between two characters that is an arc of its own."""
    item, at, alternative = place
    if item == len(pattern):
        return
    content = pattern[item]
    if isinstance(content, bytes):
        yield content[at : at + 1], _next(content, item, at + 1, 0), 0.0, False
    elif at:
        sets = content[alternative]
        yield sets[at], _next(sets, item, at + 1, alternative), 0.0, True
    else:
        for alternative, sets in enumerate(content):
            bits = costs[item][alternative] if item in costs else 0.0
            if sets:
                yield sets[0], _next(sets, item, 1, alternative), bits, True
            elif inside:
                for values, to, more, lost in _bytes(pattern, (item + 1, 0, 0), costs, inside - 1):
                    yield values, to, bits + more, lost


Spelling = tuple[tuple[bytes, ...], Place, float, bool]
"""The same of the bytes of a character."""


def _spellings(pattern: Pattern, place: Place, charset: Charset, costs: Costs) -> Iterator[Spelling]:
    for values, to, bits, lost in _bytes(pattern, place, costs):
        by_length: dict[int, list[int]] = {}
        for value in values:
            by_length.setdefault(charset.lengths[value], []).append(value)
        for length, leads in by_length.items():
            if length:
                yield from _go_on(pattern, ((bytes(leads),), to, bits, lost), length, charset, costs)


def _go_on(pattern: Pattern, begun: Spelling, length: int, charset: Charset, costs: Costs) -> Iterator[Spelling]:
    sets, place, bits, lost = begun
    if len(sets) == length:
        yield begun
        return
    for values, to, more, gone in _bytes(pattern, place, costs, inside=MOST_SKIPPED):
        if fitting := bytes(value for value in values if value in charset.trails):
            yield from _go_on(pattern, ((*sets, fitting), to, bits + more, lost or gone), length, charset, costs)
