"""The byte order mark with which files of Windows begin: in the model of prose it is next to impossible."""

from __future__ import annotations

from mojifix.charsets import Arc
from mojifix.lattice import Lattice
from mojifix.model import Model

BOM = "\ufeff"
#: bits of it where a text begins: as if every eighth had one. Of 24 beginnings of source files and data, read by three
#: readers, 17 come back so, with 6 bits 11
OFTEN = 3.0


def begun(lattice: Lattice, model: Model) -> Lattice:
    """The lattice of what a text begins with, with what a byte order mark costs there.

    >>> from mojifix.model import load
    >>> [bits < 0 for _, _, bits, _ in begun(Lattice().branch("\\ufeff\\ufec1"), load()).arcs[0]]
    [True, False]
    """
    more = OFTEN - model.simplified(model.start, BOM)[0]
    first: list[Arc] = []
    for text, to, bits, lost in lattice.arcs[0]:
        if lost and BOM in text:
            first.append((BOM, to, bits + more, lost))
            if rest := text.replace(BOM, ""):
                first.append((rest, to, bits, lost))
        else:
            first.append((text, to, bits + more if text[:1] == BOM else bits, lost))
    return Lattice([first, *lattice.arcs[1:]])
