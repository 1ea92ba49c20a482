"""What a program that swallows may have taken with a lost byte: what the model does not know of spaces and line ends.

The model takes a run of either for one symbol, so that one more of them costs it next to nothing.
"""

from __future__ import annotations

from mojifix.charsets import Arc
from mojifix.lattice import Lattice

#: bits of a space beside a space, or of a line end where the line ends: of the spaces of a corpus hardly one in 24. Of
#: 51 spaces restored in 500 sentences that Windows had read 78 % were right, stated as 86 %; with this 89 of 87 %
BESIDE = 4.5


def priced(lattice: Lattice) -> Lattice:
    """The lattice with what a lost space costs beside a known one, and a line end at the end.

    >>> priced(Lattice.line("a").branch(" )").then(" b")).arcs[1]
    [(' ', 2, 4.5, True), (')', 2, 0.0, True)]
    """
    arcs: list[list[Arc]] = []
    last = len(lattice.arcs) - 1
    before = ""
    for ways in lattice.arcs:
        if len(ways) == 1 and not ways[0][3]:
            before = ways[0][0][-1:]
            arcs.append(ways)
            continue
        found: list[Arc] = []
        for text, to, bits, lost in ways:
            if lost and text.isascii():
                behind = {way[0][:1] for way in lattice.arcs[to]} if to < last else {"\n"}
                for char in " \n":
                    if char in text and char in {before, *behind}:
                        found.append((char, to, bits + BESIDE, True))
                        text = text.replace(char, "")
            if text or not lost:
                found.append((text, to, bits, lost))
        before = ""
        arcs.append(found)
    return Lattice(arcs)
