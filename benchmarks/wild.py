"""Real damage: pairs of damaged and good lines from the history of public repositories.

    MOJIFIX_DATA=FOLDER python benchmarks/wild.py [--errors REGEX] [--write]

damage: edit distance between what was found and what was meant; left: what of it is left after `fix`. Worse: lines that
are farther from what was meant than before. The pairs are FOLDER/examples/*pairs*.jsonl. A channel is written as the
collection of pairs has it: charset:reader, one layer after the other.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from common import data, declined, distance, ftfy, percent, plsfix, publish, table

import mojifix


class Line(NamedTuple):
    channel: str
    damaged: str
    original: str
    far: int


class Result(NamedTuple):
    line: Line
    got: str
    left: int


def pairs() -> list[Line]:
    """Every pair once, by channel; those of which bytes were lost are apart."""
    found: dict[Line, None] = {}
    for path in sorted((data() / "examples").glob("*pairs*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            line = _line(row)
            found[line] = None
    return sorted(found)


def _line(row: dict[str, Any]) -> Line:
    channel = f"{row['channel']}{', lossy' if row['lossy'] else ''}"
    return Line(channel, row["damaged"], row["original"], distance(row["damaged"], row["original"]))


def repaired(lines: Iterable[Line], tool: Callable[[str], str]) -> list[Result]:
    got = [(line, tool(line.damaged)) for line in lines]
    return [Result(line, text, distance(text, line.original)) for line, text in got]


def summary(name: str, results: list[Result], others: list[list[Result]]) -> tuple[str, ...]:
    damage, left = sum(r.line.far for r in results), sum(r.left for r in results)
    wrong = sum(bool(r.left) and not declined(r.got, r.line.damaged) for r in results)
    return (
        name,
        str(len(results)),
        str(damage),
        str(left),
        percent(damage - left, damage),
        str(sum(not r.left for r in results)),
        str(wrong),
        str(sum(r.left > r.line.far for r in results)),
        *(percent(damage - sum(r.left for r in other), damage) for other in others),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--errors", default="", metavar="REGEX", help="print the lines of these channels not repaired")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    options = parser.parse_args()
    lines = pairs()
    tools = {"ftfy": ftfy, **({"plsfix": fix} if (fix := plsfix()) else {})}
    results = repaired(lines, mojifix.fix)
    others = [repaired(lines, tool) for tool in tools.values()]
    channels = sorted({line.channel for line in lines})
    rows = [summary(name, _of(name, results), [_of(name, other) for other in others]) for name in channels]
    rows.append(summary("all", results, others))
    if options.errors:
        for line, got, left in results:
            if left and re.search(options.errors, line.channel):
                kind = "abstained" if declined(got, line.damaged) else "wrong"
                print(f"{line.channel}: {kind}, {line.far} -> {left}")
                print(f"  damaged  {line.damaged!r}\n  got      {got!r}\n  original {line.original!r}")
    head = ["channel", "lines", "damage", "left", "undone %", "exact", "wrong", "worse"]
    text = table([*head, *(f"{name}: undone %" for name in tools)], rows)
    publish("In the wild", "Lines of public repositories, each alone.\n\n" + text)


def _of(name: str, results: list[Result]) -> list[Result]:
    return [result for result in results if result.line.channel == name]


if __name__ == "__main__":
    main()
