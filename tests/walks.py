"""Walks through lattices that tests share."""

from __future__ import annotations

from mojifix.lattice import Lattice


def contains(lattice: Lattice, text: str) -> bool:
    """Whether a text is a path, without listing them all."""
    reached: list[set[int]] = [set() for _ in lattice.arcs]
    reached[0].add(0)
    for node, ways in enumerate(lattice.arcs):
        for arc, to, _, lost in ways:
            for at in reached[node]:
                reached[to] |= {at + len(piece) for piece in (arc if lost else (arc,)) if text.startswith(piece, at)}
    return len(text) in reached[-1]
