"""Walks through lattices that tests share."""

from __future__ import annotations

from collections.abc import Iterator

from mojifix.charsets import LOST
from mojifix.lattice import UNREADABLE, Lattice


def everywhere(data: bytes) -> Iterator[tuple[int, int]]:
    """Bytes may be missing at any place; see `mojifix.charsets.reader.Broken`."""
    yield 0, len(data)


def contains(lattice: Lattice, text: str, unknown: bool = False) -> bool:
    """Whether a text is a path, without listing them all.

    With `unknown`, a character that stays unknown (`LOST`, at less than `UNREADABLE` bits) is any one character.
    """
    reached: list[set[int]] = [set() for _ in lattice.arcs]
    reached[0].add(0)
    for node, ways in enumerate(lattice.arcs):
        for at in reached[node]:
            for arc, to, bits, lost in ways:
                if (unknown and arc == LOST and bits < UNREADABLE) or (lost and at < len(text) and text[at] in arc):
                    reached[to].add(at + 1)
                elif not lost and text.startswith(arc, at):
                    reached[to].add(at + len(arc))
    return len(text) in reached[-1]
