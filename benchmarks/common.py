"""What the benchmarks share: unseen text, and RESULTS.md."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


def data() -> Path:
    """The folder that MOJIFIX_DATA names; without it a benchmark says so and ends."""
    if folder := os.environ.get("MOJIFIX_DATA"):
        return Path(folder)
    sys.exit("skipped: MOJIFIX_DATA must name a folder with clean_dev/*.txt (and corpus/*.txt.xz to train from)")


def unseen(name: str) -> str:
    """Text that no model was trained on."""
    return (data() / "clean_dev" / f"{name}.txt").read_text(encoding="utf-8")


def sentences(name: str, number: int, shortest: int = 12, longest: int = 60) -> list[str]:
    """Sentences of unseen text, mostly hanzi, the same ones every time."""
    found = (s.strip() for line in unseen(name).split("\n") for s in re.findall("[^。！？]+[。！？]?", line))
    fitting = [s for s in found if shortest <= len(s) <= longest and len(re.findall("[一-鿿]", s)) >= 0.6 * len(s)]
    random.Random(1).shuffle(fitting)
    return fitting[:number]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; numbers are given as text, rounded by who knows what they are."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def publish(section: str, text: str) -> None:
    """Print a section, and with --write put it into RESULTS.md in the place of the old one."""
    block = f"## {section}\n\n{text.strip()}\n"
    print(block)
    if "--write" in sys.argv:
        old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
        parts = re.split("^(?=## )", old, flags=re.MULTILINE)
        kept = [part.strip() + "\n" for part in parts if not part.startswith(f"## {section}\n")]
        RESULTS.write_text("\n".join([*kept, block]), encoding="utf-8")
