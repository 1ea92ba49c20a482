"""What tells nothing by itself, near damage that does: "漏 2020" is "© 2020" where the lines around it were damaged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from mojifix.channels.recode import RECODES, Recode
from mojifix.evidence import Seen
from mojifix.found import Found
from mojifix.lattice import Lattice
from mojifix.model import load
from mojifix.model.latin import EAST
from mojifix.plan import Damage

#: characters before and behind a repair that are looked at. Of 1,540 damaged lines of Western source code and
#: documentation 1,263 come back so, 1,001 if only what tells by itself is looked at
NEAR = 4096
_RUN, _LINE = re.compile("[^\0-\x7f]+"), re.compile("[^\n]*[^\0-\x7f][^\n]*")


def channel(damage: Iterable[Damage]) -> Recode | None:
    """The channel at work in a text, if what it shows can be read back exactly."""
    names = Counter(found.channel for found in damage)
    rows = [row for row in RECODES if row.name in names and row.saved and row.policy.family == "hanzi"]
    return max(rows, key=lambda row: names[row.name], default=None)


def around(repairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is near some repairs."""
    return ((max(0, start - NEAR), end + NEAR) for start, end in repairs)


def spans(text: str, row: Recode, near: Iterable[tuple[int, int]]) -> Iterator[Found]:
    """Lines of Western text, or runs of characters beyond ASCII in others, that read better by a channel."""
    model = load()
    for place in near:
        for line in _LINE.finditer(text, *place):
            read = _RUN.sub(lambda run: _exact(run[0], row), line[0])
            if read == line[0]:
                continue
            ways = [(line.start(), line[0], read)]
            if EAST.search(read):  # letters and signs that nothing tells of are hanzi there
                runs = ((run.start(), run[0], _exact(run[0], row)) for run in _RUN.finditer(text, *line.span()))
                ways = [(at, run, meant) for at, run, meant in runs if meant != run and EAST.search(meant)]
            for at, run, meant in ways:
                seen = Seen(text, at, at + len(run), model, told=True)
                yield from seen.readings([((row,), Lattice.line(meant))])


def _exact(run: str, row: Recode) -> str:
    read = row.exact(run)
    return run if read is None else read
