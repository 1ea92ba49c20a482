"""Byte patterns read as lattices of text. Knows bytes and charsets, and no language.

A decoder that lost bytes leaves a `Pattern` (see `mojifix.charsets`): known runs, and holes with the bytes that may
have stood there. `read` finds everything that the pattern can be in another charset: a `Lattice`, a graph whose nodes
are places between characters and whose arcs are texts. The path that somebody wrote is for `mojifix.search` to find.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType

from mojifix.charsets import CHARSETS, LOST, Charset, Pattern

#: bits of a byte that is no text: more than the rarest characters on both sides of it, so that any reading is preferred
UNREADABLE = 64.0
#: spellings of one character to look at; more unknown bytes than that leave it lost
MOST_SPELLINGS = 1 << 16
#: bits of a character that was cut in two at an end of the text
CUT = 14.0
#: bits of a character that stays unknown: what one of Chinese text costs on the average, wherever it stands
UNKNOWN = 9.5
#: a character of which no byte is known, and of which there are more spellings than that, by the number of its bytes,
#: stays unknown but between known bytes. The five bytes that Windows-1252 lacks leave 5,120 hanzi
MANY = (0, 256, 256, 6000, 6000)
#: texts between two places that every path passes, if the next layer of damage is to be undone
MOST_TEXTS = 1 << 11
#: holes in a row, inside a character, in which nothing may have stood
MOST_SKIPPED = 8


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

    def readable(self) -> bool:
        """Whether some path has no byte that is no text."""
        reached = {0}
        for node, ways in enumerate(self.arcs):
            if node in reached:
                reached.update(to for _, to, bits, _ in ways if bits < UNREADABLE)
        return len(self.arcs) - 1 in reached

    def sample(self) -> str:
        """One of the texts, without what was lost."""
        parts, node = [], 0
        while node < len(self.arcs) - 1:
            text, node, _, lost = min(self.arcs[node], key=lambda arc: arc[2])
            parts.append("" if lost else text)
        return "".join(parts)

    def slots(self) -> list[str | tuple[str, ...]]:
        """The texts as what stands between the places that every path passes; nothing if that is too much.

        >>> Lattice.line("天").branch("气汽").then("好").slots()
        ['天', ('气', '汽'), '好']
        """
        found: list[str | tuple[str, ...]] = []
        begun: dict[int, list[str]] = {0: [""]}
        for node, ways in enumerate(self.arcs):
            heads = begun.pop(node, [])
            if heads and not begun:
                found.append(heads[0] if len(heads) == 1 else tuple(heads))
                heads = [""]
            for text, to, _, lost in ways if heads else ():
                tails = text if lost else (text,)
                if len(heads) * len(tails) > MOST_TEXTS:
                    return []
                begun.setdefault(to, []).extend(head + tail for head in heads for tail in tails)
        return [slot for slot in found if slot]

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


def read(pattern: Pattern, charset: str, costs: Costs = MappingProxyType({}), sparse: bool = False) -> Lattice:
    """Every text in `charset` whose bytes the pattern allows, in time linear in the pattern.

    Bytes that are no text (a byte that fits nowhere) become `LOST`, at `UNREADABLE` bits. Where most was lost, `sparse`
    leaves characters of which nothing is known as `LOST`, at `UNKNOWN` bits.

    >>> sorted(read([b"\\xe6\\x98", ((b"\\x80\\xaf",), ()), b"!"], "utf-8").texts())
    ['昀!', '是!']
    """
    known = CHARSETS[charset]
    ways: dict[Place, list[Way]] = {}
    agenda: list[Place] = [(0, 0, 0)]
    while agenda:
        place = heapq.heappop(agenda)
        if place in ways:
            continue
        ways[place] = []
        for way in _ways(pattern, place, known, costs, sparse) if place[0] < len(pattern) else ():
            ways[place].append(way)
            if way[1] not in ways:
                heapq.heappush(agenda, way[1])
    number = {place: node for node, place in enumerate(ways)}  # in the order of the agenda, which is that of the text
    return Lattice([[(text, number[to], bits, lost) for text, to, bits, lost in arcs] for arcs in ways.values()])


Way = tuple[str, Place, float, bool]
"""An arc that is still to be numbered."""


def _ways(pattern: Pattern, place: Place, charset: Charset, costs: Costs, sparse: bool) -> Iterator[Way]:
    item, at, _ = place
    content = pattern[item]
    if isinstance(content, bytes):
        text, end = charset.known(content, at)
        if text:
            yield text, _next(content, item, end, 0), UNKNOWN * text.count(LOST), False
            return
    found = False
    marked = set()
    among: dict[tuple[Place, float, bool], list[str]] = {}
    for sets, to, bits, lost in _spellings(pattern, place, charset, costs):
        spellings = prod(map(len, sets))
        vague = sparse and lost == len(sets) and spellings > MANY[lost] and not _alone(pattern, place, to)
        chars = LOST if vague or spellings > MOST_SPELLINGS else charset.characters(sets)
        if not chars:
            continue
        found = True
        if LOST in chars and (to, bits) not in marked:  # as it stands
            marked.add((to, bits))
            yield LOST, to, bits + UNKNOWN, False
        if chars := chars.replace(LOST, ""):
            among.setdefault((to, bits, lost > 0), []).append(chars)
    for (to, bits, gone), several in among.items():
        if gone:
            yield several[0] if len(several) == 1 else "".join(dict.fromkeys("".join(several))), to, bits, True
        else:
            yield from ((chars, to, bits, False) for chars in several)
    if not isinstance(content, bytes) and not at and () in content:
        bits = costs[item][content.index(())] if item in costs else 0.0
        yield "", (item + 1, 0, 0), bits, False
    elif not found:
        for _, to, bits, _ in _bytes(pattern, place, costs):
            yield LOST, to, bits + UNREADABLE, False


def _alone(pattern: Pattern, place: Place, to: Place) -> bool:
    """Whether known bytes, or an end, stand on both sides."""
    around = pattern[place[0] - 1 : place[0]] + pattern[to[0] : to[0] + 1] if place[0] else pattern[to[0] : to[0] + 1]
    return not place[1] and all(isinstance(item, bytes) for item in around)


def _next(content: bytes | tuple[bytes, ...], item: int, at: int, alternative: int) -> Place:
    return (item, at, alternative) if at < len(content) else (item + 1, 0, 0)


Byte = tuple[bytes, Place, float, int]
"""The values that a byte may have, the place behind it, the cost, and whether it was lost (1)."""


def _bytes(pattern: Pattern, place: Place, costs: Costs, inside: int = 0) -> Iterator[Byte]:
    """The byte at a place. Where nothing may have stood, what comes behind is looked at too if the place is inside a
    character; between two characters that is an arc of its own."""
    item, at, alternative = place
    if item == len(pattern):
        return
    content = pattern[item]
    if isinstance(content, bytes):
        yield content[at : at + 1], _next(content, item, at + 1, 0), 0.0, 0
    elif at:
        sets = content[alternative]
        yield sets[at], _next(sets, item, at + 1, alternative), 0.0, 1
    else:
        for alternative, sets in enumerate(content):
            bits = costs[item][alternative] if item in costs else 0.0
            if sets:
                yield sets[0], _next(sets, item, 1, alternative), bits, 1
            elif inside:
                for values, to, more, lost in _bytes(pattern, (item + 1, 0, 0), costs, inside - 1):
                    yield values, to, bits + more, lost


Spelling = tuple[tuple[bytes, ...], Place, float, int]
"""The same of the bytes of a character, and how many of them were lost."""


def _spellings(pattern: Pattern, place: Place, charset: Charset, costs: Costs) -> Iterator[Spelling]:
    for values, to, bits, lost in _bytes(pattern, place, costs):
        by_length: dict[int, list[int]] = {}
        for value in values:
            by_length.setdefault(charset.lengths[value], []).append(value)
        for length, leads in by_length.items():
            if length:
                yield from _go_on(pattern, ((bytes(leads),), to, bits, lost), length, charset, costs)
    if place == (0, 0, 0):  # cut off before it
        for length, missing in charset.tails:
            yield from _go_on(pattern, (missing, place, CUT, len(missing)), length, charset, costs)


def _go_on(pattern: Pattern, begun: Spelling, length: int, charset: Charset, costs: Costs) -> Iterator[Spelling]:
    sets, place, bits, lost = begun
    if len(sets) == length:
        yield begun
        return
    if place[0] == len(pattern):  # cut off
        yield (*sets, *[charset.trails] * (length - len(sets))), place, bits + CUT, lost + length - len(sets)
        return
    for values, to, more, gone in _bytes(pattern, place, costs, inside=MOST_SKIPPED):
        if fitting := bytes(value for value in values if value in charset.trails):
            yield from _go_on(pattern, ((*sets, fitting), to, bits + more, lost + gone), length, charset, costs)
