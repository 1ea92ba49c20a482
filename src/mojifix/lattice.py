"""Byte patterns read as lattices of text. Knows bytes and charsets, and no language.

A decoder that lost bytes leaves a `Pattern` (see `mojifix.charsets`): known runs, and holes with the bytes that may
have stood there. `read` finds everything that the pattern can be in another charset: a `Lattice`, a graph whose nodes
are places between characters and whose arcs are texts. The path that somebody wrote is for `mojifix.search` to find.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType

from mojifix.arcs import either, gates, reduced
from mojifix.charsets import CHARSETS, LOST, Arc, Arcs, Charset, Costs, Graph, Pattern, Ways

#: bits of a byte that is no text: more than the rarest characters on both sides of it, so that any reading is preferred
UNREADABLE = 64.0
#: stands for a choice
OTHER = "\1"
#: spellings of one character to look at; more unknown bytes than that leave it lost
MOST_SPELLINGS = 1 << 16
#: bits of a character that was cut in two at an end of the text
CUT = 14.0
#: bits of a character that stays unknown: what one of Chinese text costs on the average, wherever it stands
UNKNOWN = 9.5
#: a character of which no byte is known, and of which there are more spellings than that, by the number of its bytes,
#: stays unknown but between known bytes. The five bytes that Windows-1252 lacks leave 5,120 hanzi
MANY = (0, 256, 256, 6000, 6000)
#: characters of which one stood somewhere, if the next layer of damage is to be undone
MOST_TEXTS = 1 << 11
#: holes in a row, inside a character, in which nothing may have stood
MOST_SKIPPED = 8


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

    def known(self) -> str:
        """What is no choice, on all ways.

        >>> Lattice.line("天").branch("气汽").then("好").known()
        '天好'
        """
        return "".join([text for ways in self.arcs for text, _, _, lost in ways if not lost])

    def readable(self) -> bool:
        """Whether some path has no byte that is no text."""
        reached = {0}
        for node, ways in enumerate(self.arcs):
            if node in reached:
                reached.update(to for text, to, bits, _ in ways if text != LOST or bits < UNREADABLE)
        return len(self.arcs) - 1 in reached

    def sample(self) -> str:
        """What all of the texts have, with `LOST` for the rest."""
        parts, far = [], 0
        for node, ways in enumerate(self.arcs[:-1]):
            if node >= far:
                parts.append(LOST if len(ways) > 1 or ways[0][3] else ways[0][0])
            far = max(far, *[to for _, to, _, _ in ways])
        return "".join(parts)

    def shown(
        self, nodes: Collection[int], mark: str, before: str = "", behind: str = ""
    ) -> tuple[dict[int, int], str]:
        """A text between two others, a `mark` for choices that begin at some nodes, `OTHER` for the rest; and the
        places of the nodes in it.

        >>> Lattice.line("天").branch("气汽").then("好").shown({1}, "?", "今")
        ({1: 2}, '今天?好')
        """
        ends, places, parts = gates(self.arcs), dict[int, int](), [before]
        at, far = len(before), 0
        for node, ways in enumerate(self.arcs[:-1]):
            text, _, _, lost = ways[0]
            if node >= far and len(ways) == 1 and not lost:
                parts.append(text)
                at += len(text)
                continue
            if node >= far:
                parts.append(OTHER)
                at, far = at + 1, ends[node + 1]
            if node in nodes:
                parts[-1] = mark
                places[node] = at - 1
        return places, "".join([*parts, behind])

    def seen(self) -> Arcs:
        """The texts as another program has shown them: what costs bits if it stays unknown is a mark there."""
        return [
            [
                (text, to, bits - UNKNOWN * text.count(LOST) if bits else 0.0, lost)
                for text, to, bits, lost in ways
                if (len(text) <= MOST_TEXTS if lost else text != LOST or bits < UNREADABLE)
            ]
            for ways in self.arcs
        ]

    def texts(self, node: int = 0) -> Iterator[str]:
        """Every text that is a path; for tests, since there may be very many."""
        if node == len(self.arcs) - 1:
            yield ""
        for text, to, _, lost in self.arcs[node]:
            for rest in self.texts(to):
                yield from (char + rest for char in text) if lost else (text + rest,)


Place = tuple[int, int, int]
"""Where reading has come to in a pattern: item, byte in the item, alternative of the item. They sort by that."""


Found = tuple[str, Place, float, bool]
"""An arc that is still to be numbered."""


def read(pattern: Pattern | Graph, charset: str, costs: Costs = MappingProxyType({}), sparse: bool = False) -> Lattice:
    """Every text in `charset` whose bytes the pattern allows, in time linear in the pattern; `costs` are of its holes.

    Bytes that are no text (a byte that fits nowhere) become `LOST`, at `UNREADABLE` bits. Where most was lost, `sparse`
    leaves characters of which nothing is known as `LOST`, at `UNKNOWN` bits.

    >>> sorted(read([b"\\xe6\\x98", ((b"\\x80\\xaf",), ()), b"!"], "utf-8").texts())
    ['昀!', '是!']
    """
    known = CHARSETS[charset]
    graph = (pattern if isinstance(pattern, Graph) else Graph.of(pattern, costs)).ways
    ways: dict[Place, list[Found]] = {}
    agenda: list[Place] = [(0, 0, 0)]
    while agenda:
        place = heapq.heappop(agenda)
        if place in ways:
            continue
        ways[place] = []
        for way in _ways(graph, place, known, sparse) if graph[place[0]] else ():
            ways[place].append(way)
            if way[1] not in ways:
                heapq.heappush(agenda, way[1])
    number = {place: node for node, place in enumerate(ways)}  # in the order of the agenda, which is that of the text
    arcs = [[(text, number[to], bits, lost) for text, to, bits, lost in found] for found in ways.values()]
    return Lattice(reduced(arcs, UNREADABLE))


def _ways(graph: Ways, place: Place, charset: Charset, sparse: bool) -> Iterator[Found]:
    node, at, _ = place
    content, beyond, bits = graph[node][0]
    if isinstance(content, bytes):
        text, end = charset.known(content, at)
        if text:
            to = (node, end, 0) if end < len(content) else (beyond, 0, 0)
            yield text, to, UNKNOWN * text.count(LOST) + (0.0 if at else bits), False
            return
    found = False
    marked = set()
    among: dict[tuple[Place, float, bool], list[str]] = {}
    for sets, to, bits, lost in _spellings(graph, place, charset):
        if _stuck(graph, to, charset):
            continue
        spellings = prod(map(len, sets))
        vague = sparse and lost == len(sets) and spellings > MANY[lost] and not _alone(graph, place, to)
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
            yield either(tuple(several)), to, bits, True
        else:
            yield from ((chars, to, bits, False) for chars in several)
    nothing = [] if at else [(to, bits) for sets, to, bits in graph[node] if not sets]
    for beyond, bits in nothing:
        yield "", (beyond, 0, 0), bits, False
    if not found and not nothing:
        for _, to, bits, _ in _bytes(graph, place):
            yield LOST, to, bits + UNREADABLE, False


def _alone(graph: Ways, place: Place, to: Place) -> bool:
    """Whether known bytes, or an end, stand on both sides."""
    around = graph[place[0] - 1 : place[0]] + graph[to[0] : to[0] + 1] if place[0] else graph[to[0] : to[0] + 1]
    return not place[1] and all(isinstance(data, bytes) for ways in around for data, _, _ in ways)


def _stuck(graph: Ways, place: Place, charset: Charset) -> bool:
    """Whether no character begins at a place."""
    node, at, way = place
    ways = graph[node][way : way + 1] if at else graph[node]
    firsts = (sets[at : at + 1] if isinstance(sets, bytes) else sets[at] if sets else b"a" for sets, _, _ in ways)
    return bool(ways) and not any(first.translate(None, charset.strays) for first in firsts)


Byte = tuple[bytes, Place, float, int]
"""The values that a byte may have, the place behind it, the cost, and whether it was lost (1)."""


def _bytes(graph: Ways, place: Place, inside: int = 0) -> Iterator[Byte]:
    """The byte at a place. Where nothing may have stood, what comes behind is looked at too if the place is inside a
    character; between two characters that is an arc of its own."""
    node, at, way = place
    ways = graph[node]
    if at:
        ways = ways[way : way + 1]
    for number, (sets, beyond, bits) in enumerate(ways, way):
        if sets:
            to = (node, at + 1, number) if at + 1 < len(sets) else (beyond, 0, 0)
            bits = 0.0 if at else bits
            if isinstance(sets, bytes):
                yield sets[at : at + 1], to, bits, 0
            else:
                yield sets[at], to, bits, 1
        elif inside:
            for values, to, more, lost in _bytes(graph, (beyond, 0, 0), inside - 1):
                yield values, to, bits + more, lost


Spelling = tuple[tuple[bytes, ...], Place, float, int]
"""The same of the bytes of a character, and how many of them were lost."""


def _spellings(graph: Ways, place: Place, charset: Charset) -> Iterator[Spelling]:
    for values, to, bits, lost in _bytes(graph, place):
        for length, leads in charset.leads(values):
            yield from _go_on(graph, ((leads,), to, bits, lost), length, charset)
    if place == (0, 0, 0):  # cut off before it
        for length, missing in charset.tails:
            yield from _go_on(graph, (missing, place, CUT, len(missing)), length, charset)


def _go_on(graph: Ways, begun: Spelling, length: int, charset: Charset) -> Iterator[Spelling]:
    sets, place, bits, lost = begun
    if len(sets) == length:
        yield begun
        return
    if not graph[place[0]]:  # cut off
        yield (*sets, *[charset.trails] * (length - len(sets))), place, bits + CUT, lost + length - len(sets)
        return
    for values, to, more, gone in _bytes(graph, place, inside=MOST_SKIPPED):
        if fitting := values.translate(None, charset.no_trails):
            yield from _go_on(graph, ((*sets, fitting), to, bits + more, lost + gone), length, charset)
