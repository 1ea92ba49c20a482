"""What the benchmarks share: unseen text, edit distance, other tools, and RESULTS.md."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
LOST = "\N{REPLACEMENT CHARACTER}"


def data() -> Path:
    """The folder that MOJIFIX_DATA names; without it a benchmark says so and ends."""
    if folder := os.environ.get("MOJIFIX_DATA"):
        return Path(folder)
    sys.exit("skipped: MOJIFIX_DATA must name a folder with clean_dev/*.txt (and corpus/*.txt.xz to train from)")


# Text ----------------------------------------------------------------------------------------------------------------


@cache
def unseen(name: str) -> str:
    """Text that no model was trained on."""
    return (data() / "clean_dev" / f"{name}.txt").read_text(encoding="utf-8")


@cache
def sentences(name: str, number: int, shortest: int = 12, longest: int = 60) -> list[str]:
    """Sentences of unseen text, mostly hanzi, the same ones every time."""
    found = (s.strip() for line in unseen(name).split("\n") for s in re.findall("[^。！？]+[。！？]?", line))
    fitting = [s for s in found if shortest <= len(s) <= longest and len(re.findall("[一-鿿]", s)) >= 0.6 * len(s)]
    random.Random(1).shuffle(fitting)
    return fitting[:number]


@cache
def lines(name: str, number: int, shortest: int = 12, longest: int = 60) -> list[str]:
    """Lines and sentences of unseen text in any language that have a character beyond ASCII, once each."""
    found = (s.strip() for line in unseen(name).split("\n") for s in re.split(r"(?<=[.!?。！？])(?=\s|\w)", line))
    fitting = [*dict.fromkeys(s for s in found if shortest <= len(s) <= longest and not s.isascii())]
    random.Random(1).shuffle(fitting)
    return fitting[:number]


@cache
def paragraphs(name: str, number: int, length: int = 2000) -> list[str]:
    """Unseen text in pieces of about `length` characters, each of whole lines."""
    found: list[str] = []
    text, start = unseen(name), 0
    while len(found) < number and start < len(text):
        end = text.find("\n", start + length)
        end = len(text) if end < 0 else end
        found.append(text[start:end])
        start = end + 1
    return found


# Comparison ----------------------------------------------------------------------------------------------------------


def distance(one: str, other: str) -> int:
    """Levenshtein's, by Myers' bit vectors as Hyyrö has them: one column of the table is two integers.

    >>> [distance(*pair) for pair in (("abc", "abc"), ("kitten", "sitting"), ("", "ab"), ("ab中d", "b中cd"))]
    [0, 3, 2, 2]
    """
    start = _alike(one, other)
    one, other = one[start:], other[start:]
    end = _alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if not one or not other:
        return len(one) + len(other)
    places: dict[str, int] = {}
    for i, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << i
    last, every = 1 << len(one) - 1, (1 << len(one)) - 1
    up, down, far = every, 0, len(one)  # where the column rises and falls, and its last number
    for char in other:
        here = places.get(char, 0)
        free = (((here & up) + up) ^ up) | here | down
        right, left = down | every & ~(free | up), up & free
        far += bool(right & last) - bool(left & last)
        right, left = right << 1 | 1, left << 1
        here |= down
        up, down = (left | ~(here | right)) & every, right & here & every
    return far


def _alike(one: str, other: str) -> int:
    """The characters at the start in which two texts agree."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def declined(text: str, seen: str) -> bool:
    """Whether a tool declined to answer: something is marked as lost, or nothing was done."""
    return LOST in text or text == seen


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


# Other tools ---------------------------------------------------------------------------------------------------------


def ftfy(seen: str) -> str:
    from ftfy import fix_text

    return str(fix_text(seen))


def plsfix() -> Callable[[str], str] | None:
    """`plsfix.fix_text`, ftfy in Rust, where it is installed."""
    try:
        from plsfix import fix_text
    except ImportError:
        return None
    found: Callable[[str], str] = fix_text
    return found


# RESULTS.md ----------------------------------------------------------------------------------------------------------


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
