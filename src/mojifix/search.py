"""The best reading of a lattice under the language model, and how sure of it one can be.

A beam search forward finds the cheapest path; the same sums over all paths, forward and backward, give the posterior
probability of each arc. Wherever one state of the model is all that is left, what lies behind it is decided: the text
between two such places is an *island*, and islands are solved one by one, so that time and memory stay linear.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from math import inf, log2

from mojifix.charsets import LOST
from mojifix.lattice import Arc, Lattice
from mojifix.model import Model, State, Step
from mojifix.plan import Edit, Guess, Plan, replay
from mojifix.plan import Step as EditStep

#: paths kept at a node, and how many bits behind the best one a path may be. With 14 bits as much comes back as with
#: 20; with 16 paths, 12 bits and 48 candidates it is the same where single bytes are lost, and 3 % less where pairs are
BEAM = 48
SLACK = 14.0
#: alternatives reported for a restored character, and the least probability of one
ALTERNATIVES = 5
LEAST = 0.001


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its cost in bits, and its places where the lattice left a choice (offsets in the text)."""

    text: str
    bits: float
    guesses: tuple[Guess, ...]

    def settled(self, least: float, marks: str = "?") -> tuple[str, tuple[Guess, ...]]:
        """The text with U+FFFD for what is less probable than `least`, and the guesses that stay.

        One of the `marks` that stands for itself was not lost.
        """
        lost: list[Guess] = []
        kept: list[Guess] = []
        for guess in self.guesses:
            if guess.text not in marks:
                (kept if guess.probability >= least else lost).append(guess)
        edits = tuple(Edit(g.start, g.start + len(g.text), LOST * len(g.text)) for g in lost)
        return replay(self.text, Plan((EditStep("", edits),))), tuple(kept)


class _Cell:
    """One state of the model at one node: the cheapest way here, all ways here, all onward, the edges that come in."""

    __slots__ = ("best", "came", "edges", "here", "onward", "source", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self.best = self.here = self.onward = inf
        self.source: _Cell | None = None
        self.came: tuple[int, Arc] = (-1, ("", 0, 0.0, False))
        self.edges: list[tuple[_Cell, int, Arc, float]] = []  # source, its node, the arc, bits

    def enter(self, source: _Cell, node: int, arc: Arc, bits: float) -> None:
        self.edges.append((source, node, arc, bits))
        self.here = _sum(self.here, source.here + bits)
        if source.best + bits < self.best:
            self.best, self.source, self.came = source.best + bits, source, (node, arc)


def _cell(layer: dict[State, _Cell], state: State) -> _Cell:
    cell = layer.get(state)
    if cell is None:
        cell = layer[state] = _Cell(state)
    return cell


def _sum(a: float, b: float) -> float:
    """-log2(2**-a + 2**-b)."""
    if a > b:
        a, b = b, a
    return a - log2(1.0 + 2.0 ** (a - b)) if b < inf else a


def best_reading(
    lattice: Lattice, model: Model, *, start: State = Model.start, then: str = "\n", step: Step | None = None
) -> Reading:
    """The most probable path of a lattice.

    `start` is the state of the model before it (default: a line begins), `then` what follows it: the end of a line,
    or the next characters; `step` the model's own, or one that knows more.

    >>> from mojifix.model import load
    >>> reading = best_reading(Lattice.line("今天").branch("天夭").branch("气汽乞").then("很好。"), load())
    >>> reading.text, [(guess.text, guess.probability > 0.9) for guess in reading.guesses]
    ('今天天气很好。', [('天', True), ('气', True)])
    """
    arcs = lattice.arcs
    step = step or model.script("".join(text for ways in arcs for text, _, _, lost in ways if not lost))
    first = _Cell(start)
    first.best = first.here = 0.0
    layers: dict[int, dict[State, _Cell]] = {0: {first.state: first}}
    parts: list[str] = []
    guesses: list[Guess] = []
    length = 0
    island: list[_Cell] = [first]
    last = len(arcs) - 1
    for node, ways in enumerate(arcs):
        layer = layers.pop(node, None)
        if layer is None:
            continue
        cells = list(layer.values())
        island += cells
        if node == last:
            end = _Cell(model.start)
            for cell in cells:
                end.enter(cell, last, ("", last, 0.0, False), step(cell.state, then)[0])
            cells = [end]
            island.append(end)
        if len(cells) == 1 and not layers:  # an island ends: what lies behind is decided
            text, found = _solve(island, length)
            parts.append(text)
            guesses += found
            length += len(text)
            (only,) = cells
            total = only.best
            only.edges, only.source, only.here = [], None, only.best
            island = [only]
            if node == last:
                break
        elif len(cells) > 1:
            limit = min(cell.best for cell in cells) + SLACK
            cells = nsmallest(BEAM, (cell for cell in cells if cell.best <= limit), key=lambda cell: cell.best)
        for text, to, extra, lost in ways:
            target = layers.setdefault(to, {})
            for cell in cells:
                if lost:
                    for char in model.likeliest(text):
                        bits, state = step(cell.state, char)
                        _cell(target, state).enter(cell, node, (char, to, extra, True), bits + extra)
                else:
                    bits, state = step(cell.state, text)
                    _cell(target, state).enter(cell, node, (text, to, extra, False), bits + extra)
    return Reading("".join(parts), total, tuple(guesses))


def _solve(island: list[_Cell], offset: int) -> tuple[str, list[Guess]]:
    """The best text of an island and the guesses in it; its first and its last cell are its only ends."""
    path: list[tuple[int, Arc]] = []
    cell = last = island[-1]
    while cell.source is not None:
        path.append(cell.came)
        cell = cell.source
    path.reverse()
    text = "".join(arc[0] for _, arc in path)
    if not any(lost for _, (_, _, _, lost) in path):
        return text, []
    chosen: dict[int, dict[str, float]] = {}
    last.onward = 0.0
    for cell in reversed(island):
        for source, node, arc, bits in cell.edges:
            source.onward = _sum(source.onward, bits + cell.onward)
            ways = chosen.setdefault(node, {})
            ways[arc[0]] = ways.get(arc[0], 0.0) + 2.0 ** (last.here - source.here - bits - cell.onward)
    guesses = []
    for node, arc in path:
        if arc[3]:
            ways = chosen[node]
            others = sorted(((p, other) for other, p in ways.items() if other != arc[0] and p >= LEAST), reverse=True)
            alternatives = tuple((other, p) for p, other in others[:ALTERNATIVES])
            guesses.append(Guess(offset, arc[0], min(1.0, ways[arc[0]]), alternatives))
        offset += len(arc[0])
    return text, guesses
