"""The cells of a search, the sums over all ways through them - how probable it is that a way goes here or there -, and
the islands that they make up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from mojifix.charsets import LOST
from mojifix.model import State
from mojifix.model.choices import Group
from mojifix.plan import Guess

#: the least probability of what is not asked about in the rest of the line
SURE = 0.95
#: alternatives reported for a restored character, and the least probability of one
ALTERNATIVES = 5
LEAST = 0.001


class Cell:
    """One state of the model at one place: the bits of the cheapest way to it, and the edges that lead to it."""

    __slots__ = ("best", "edges", "here", "onward", "state")

    def __init__(self, state: State, best: float) -> None:
        self.state, self.best = state, best
        self.edges: list[Edge] = []
        self.here = self.onward = 0.0  # the weight of all ways to here and from here; the cheapest one's is 1


Edge = tuple[float, Cell, int, Group, bool]
"""Bits of the cheapest way through it, from the start of the text; the cell it comes from, the node of the lattice
(`INSIDE` a text), what is read there, and whether it was lost."""
INSIDE = -1


def way_to(cell: Cell) -> list[tuple[int, str, bool]]:
    """The cheapest way to a cell: nodes, what is read there, and whether it was lost."""
    path: list[tuple[int, str, bool]] = []
    while cell.edges:
        _, cell, node, group, lost = min(cell.edges, key=_BITS)
        path.append((node, group[0][0][0], lost))
    path.reverse()
    return path


_BITS = itemgetter(0)


def tell(island: list[Cell], last: Cell, told: Mapping[int, Mapping[str, float]]) -> None:
    """Counts in how many bits likelier the characters at some nodes are than the ways to the last cell have them."""
    before = {cell: cell.best for cell in island}
    for cell in (*island[1:], last):
        cell.edges = [_told(edge, before[edge[1]], told.get(edge[2], {})) for edge in cell.edges]
        cell.best = min(map(_BITS, cell.edges))
        cell.here = cell.onward = 0.0
    island[0].here = island[0].onward = 0.0


def _told(edge: Edge, before: float, gains: Mapping[str, float]) -> Edge:
    bits, source, node, (chars, weight), lost = edge
    bits += source.best - before
    if not (lost and gains):
        return bits, source, node, (chars, weight), lost
    now = sorted([(more - gains.get(char, 0.0), char) for char, more in chars])
    weight += sum([2.0**-more for more, _ in now]) - sum([2.0**-more for _, more in chars])
    least = now[0][0]
    return bits + least, source, node, (tuple([(char, more - least) for more, char in now]), weight * 2.0**least), lost


def posteriors(island: list[Cell], last: Cell, nodes: set[int]) -> dict[int, dict[str, float]]:
    """What may be read at some nodes, and how probable it is. Backward the weight of all ways onward from each cell,
    forward that of all ways to it; what does not go on to the last cell is passed over."""
    last.onward = 1.0
    alive = []
    for cell in (last, *reversed(island)):
        if cell.onward:
            shares = []
            for bits, source, _, (_, weight), _ in cell.edges:
                share = weight * 2.0 ** (cell.best - bits)
                source.onward += share * cell.onward
                shares.append(share)
            alive.append((cell, shares))
    first = island[0]
    first.here = 1.0
    chosen: dict[int, dict[str, float]] = {node: {} for node in nodes}
    for cell, shares in reversed(alive):
        onward = cell.onward / first.onward
        for (_, source, node, (chars, weight), _), share in zip(cell.edges, shares, strict=True):
            share *= source.here
            cell.here += share
            if node in nodes:
                ways = chosen[node]
                share *= onward / weight
                for char, beyond in chars:
                    ways[char] = ways.get(char, 0.0) + share * 2.0**-beyond
    return chosen


@dataclass(slots=True)
class Island:
    """Text between two places where one cell was all that was left: its first and its last cell are its only ends.
    What was `cut` off goes on as often as the cells that cost the most of those that stayed, and weighs so many times
    as much as these."""

    cells: list[Cell]
    last: Cell
    cut: Sequence[tuple[list[Cell], float]]
    text: str = ""
    guesses: tuple[tuple[int, Guess], ...] = ()  # by node; their places are in the text of the island

    def solve(self) -> None:
        """Finds the best text, and the guesses in it."""
        path = way_to(self.last)
        self.text = "".join([piece for _, piece, _ in path])
        nodes = {node for node, _, lost in path if lost}
        self.guesses = self._guesses(path, nodes) if nodes else ()
        if not self.doubts:
            self.cells = []

    def _guesses(self, path: list[tuple[int, str, bool]], nodes: set[int]) -> tuple[tuple[int, Guess], ...]:
        chosen = posteriors(self.cells, self.last, nodes)
        first = self.cells[0].onward
        through = (sum([cell.here * cell.onward for cell in cells]) * weight for cells, weight in self.cut)
        kept = 1.0 / (1.0 + sum(through) / first)
        guesses, at = [], 0
        for node, piece, lost in path:
            if lost:
                ways = chosen[node]
                found = sorted(((p * kept, other) for other, p in ways.items() if other != piece), reverse=True)
                alternatives = tuple((other, p) for p, other in found[:ALTERNATIVES] if p >= LEAST)
                guesses.append((node, Guess(at, piece, min(1.0, ways[piece] * kept), alternatives)))
            at += len(piece)
        return tuple(guesses)

    @property
    def doubts(self) -> dict[int, Guess]:
        """The guesses that may well be others, by node."""
        return {node: guess for node, guess in self.guesses if guess.probability < SURE and guess.alternatives}

    def shown(self) -> str:
        """The text without what is in doubt."""
        if not self.cells:
            return self.text
        chars = [*self.text]
        for guess in self.doubts.values():
            chars[guess.start] = LOST
        return "".join(chars)
