"""The cells of a search, and the sums over all ways through them: how probable it is that a way goes here or there."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

from mojifix.model import State
from mojifix.model.choices import Group


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
