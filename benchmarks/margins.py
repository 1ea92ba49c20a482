"""How far clean and damaged text lie apart: bits of the best reading beyond what its channel and the threshold ask for.

    MOJIFIX_DATA=FOLDER python benchmarks/margins.py [--number 200] [--write]

Clean: each line of the clean sets, those of `about_mojibake` apart; damaged: pieces of unseen text by the common
channels. A line in which nothing is seen, or of which no reading is better than it stands, has no margin. `--write`
draws margins.svg beside RESULTS.md.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from accidents import channels
from accuracy import cases
from common import data, publish, table

from mojifix import screen, spans
from mojifix.repair import THRESHOLD

COMMON = r"utf-8 read as (gbk/cpython|cp936/icu|cp936/windows|cp1252/whatwg)$|gbk read as latin-1$"
LENGTHS = {"2 characters": 2, "4 characters": 4, "8 characters": 8, "sentences": 0}
#: bits; margins are counted in steps of these, and beyond the last they are one
STEP, LEAST, MOST = 4, -40, 120
COLOURS = {"clean lines": "#7a7a7a", "2 characters": "#d9a03c", "4 characters": "#c8553d", "8 characters": "#8b3fa0",
           "sentences": "#2b6cb0"}  # fmt: skip


def margin(text: str) -> float | None:
    """Bits beyond channel and threshold; None where no reading is better than the text as it stands."""
    found = spans.undo(text, [*screen.lines(text)], threshold=-1000, least=0.5)[0].damage
    return max(damage.bits for damage in found) - THRESHOLD if found else None


def clean() -> Iterator[float | None]:
    for path in sorted((data() / "clean_dev").glob("*.txt")):
        if path.stem != "about_mojibake":
            yield from map(margin, path.read_text(encoding="utf-8").split("\n"))


def damaged(length: int, number: int) -> Iterator[float | None]:
    for channel in channels():
        if re.search(COMMON, channel.name) and channel.group in "ADE":
            yield from (margin(case.seen) for case in islice(cases(channel, length, number), number))


def counted(margins: Iterable[float | None]) -> tuple[Counter[int], int]:
    """By step, and how many have none."""
    found = [*margins]
    steps = (min(max(int(bits // STEP) * STEP, LEAST), MOST) for bits in found if bits is not None)
    return Counter(steps), found.count(None)


def svg(rows: dict[str, tuple[Counter[int], int]]) -> str:
    """A panel for each kind: how many have a margin, those above zero (they are altered) in full colour."""
    wide, high, left = 5, 60, 130
    places = range(LEAST, MOST + 1, STEP)
    parts = []
    for panel, (name, (counts, none)) in enumerate(rows.items()):
        top = 20 + panel * (high + 30)
        most = max(counts.values(), default=1)
        label = f'<text x="0" y="{top + high / 2}">{name}</text>'
        label += (
            f'<text x="0" y="{top + high / 2 + 14}" class="small">{counts.total()} of {counts.total() + none}</text>'
        )
        bars = "".join(
            f'<rect x="{left + (at - LEAST) / STEP * wide * 2:.0f}" y="{top + high * (1 - counts[at] / most):.1f}" '
            f'width="{wide * 2 - 1}" height="{high * counts[at] / most:.1f}" fill="{COLOURS[name]}" '
            f'opacity="{1 if at >= 0 else 0.4}"/>'
            for at in places
            if counts[at]
        )
        parts.append(f'{label}{bars}<path d="M{left} {top + high}h{len(places) * wide * 2}" stroke="#999"/>')
    bottom = 20 + len(rows) * (high + 30)
    zero = left - LEAST // STEP * wide * 2
    ticks = "".join(
        f'<text x="{left + (at - LEAST) / STEP * wide * 2:.0f}" y="{bottom}" class="small">{at}</text>'
        for at in range(LEAST, MOST + 1, 40)
    )
    width = left + len(places) * wide * 2 + 20
    style = "text{font:12px sans-serif;fill:#777}.small{font-size:10px}"
    line = f'<path d="M{zero} 10V{bottom - 14}" stroke="#c00" stroke-dasharray="4 3"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + 12}"><style>{style}</style>'
        f'{"".join(parts)}{line}{ticks}<text x="{zero + 6}" y="{bottom + 10}" class="small">bits beyond the '
        f"threshold</text></svg>\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=200, help="pieces of each channel (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md, and draw margins.svg")
    options = parser.parse_args()
    rows = {"clean lines": counted(clean())}
    rows |= {name: counted(damaged(length, options.number)) for name, length in LENGTHS.items()}
    head = ["text", "number", "no margin", "below -20", "-20 to 0", "0 to 20 (altered)", "20 to 60", "60 and more"]
    lines = []
    for name, (counts, none) in rows.items():
        bounds = [(-1000, -20), (-20, 0), (0, 20), (20, 60), (60, 1000)]
        parts = (sum(number for at, number in counts.items() if low <= at < high) for low, high in bounds)
        lines.append((name, counts.total() + none, none, *parts))
    publish("Margins", "![margins](margins.svg)\n\n" + table(head, lines))
    if options.write:
        Path(__file__).with_name("margins.svg").write_text(svg(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
