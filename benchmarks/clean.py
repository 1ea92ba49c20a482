"""Clean text must come back untouched: by line, by paragraph of ten lines, and whole.

MOJIFIX_DATA=FOLDER python benchmarks/clean.py [--write]
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from common import data, publish, table

import mojifix


def units(text: str) -> dict[str, list[str]]:
    lines = text.split("\n")
    return {
        "lines": lines,
        "ten lines": ["\n".join(lines[at : at + 10]) for at in range(0, len(lines), 10)],
        "whole": [text],
    }


def measured() -> Iterator[tuple[object, ...]]:
    for path in sorted((data() / "clean_dev").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        altered = []
        for pieces in units(text).values():
            changed = [piece for piece in pieces if mojifix.fix(piece) is not piece]
            altered.append(len(changed))
            for piece in changed[:5]:
                repair = mojifix.explain(piece)
                print(path.stem, repr(piece[:100]), "->", repr(repair.text[:100]), repair.damage[:3])
        start = time.perf_counter()
        mojifix.fix(text)
        speed = len(text) / (time.perf_counter() - start) / 1e6
        yield path.stem, f"{len(text):,}", *altered, f"{speed:.1f}"


if __name__ == "__main__":
    head = ["clean text", "characters", "lines altered", "ten lines altered", "whole altered", "M characters a second"]
    publish("Clean text", table(head, measured()))
