"""Codec mix-ups: how much comes back, channel by channel and length by length, beside what else there is.

    MOJIFIX_DATA=FOLDER python benchmarks/accuracy.py [--write] [--number 300]

exact: the whole text came back. characters: of all characters, those right (1 - edit distance / length).
unchanged: came back as it went in. worse: farther from the original than what went in. restored right: of the guesses,
those right.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from typing import NamedTuple

from common import publish, sentences, table

import mojifix
from mojifix.channels.recode import RECODES

LENGTHS = {"4": 4, "8": 8, "16": 16, "sentence": 0}
FILE = "zh_hans_web"


class Score(NamedTuple):
    exact: float
    characters: float
    unchanged: float
    worse: int


def texts(length: int, number: int) -> list[str]:
    """Sentences, or pieces of them of one length with hanzi in them."""
    found = sentences(FILE, number)
    rng = random.Random(length)
    if length:
        starts = [rng.randrange(max(1, len(s) - length)) for s in found]
        found = [s[at : at + length] for s, at in zip(found, starts, strict=True)]
    return [s for s in found if any("一" <= char <= "鿿" for char in s)]


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def score(repair: Callable[[str], str], pairs: list[tuple[str, str]]) -> Score:
    exact = right = unchanged = worse = 0
    total = sum(len(meant) for meant, _ in pairs)
    for meant, seen in pairs:
        got = repair(seen)
        far = 0 if got == meant else distance(got, meant)
        exact += far == 0
        right += max(0, len(meant) - far)
        unchanged += got == seen != meant
        worse += far > distance(seen, meant)
    return Score(100 * exact / len(pairs), 100 * right / total, 100 * unchanged / len(pairs), worse)


def strict(seen: str) -> str:
    """What other tools do: back with the wrong codec, forward with the right one, or not at all."""
    for codec in ("gb18030", "gbk"):
        try:
            return seen.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return seen


def ftfy(seen: str) -> str:
    from ftfy import fix_text

    return str(fix_text(seen))


def restored(pairs: list[tuple[str, str]]) -> str:
    """Of the characters guessed, those right, where the lengths agree so that places can be compared."""
    right = number = 0
    for meant, seen in pairs:
        repair = mojifix.explain(seen)
        if len(repair.text) == len(meant):
            number += len(repair.guesses)
            right += sum(meant.startswith(guess.text, guess.start) for guess in repair.guesses)
    return f"{100 * right / number:.1f}" if number else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    parser.add_argument("--number", type=int, default=300, help="texts of each kind (default: %(default)s)")
    options = parser.parse_args()
    rows = []
    for channel in RECODES:
        for name, length in LENGTHS.items():
            pairs = [(text, channel.damage(text)) for text in texts(length, options.number)]
            own = score(mojifix.fix, pairs)
            others = [f"{score(tool, pairs).exact:.1f}" for tool in (strict, ftfy)]
            guesses = restored(pairs) if not length else ""
            figures = (f"{own.exact:.1f}", f"{own.characters:.1f}", f"{own.unchanged:.1f}", str(own.worse), guesses)
            rows.append((channel.name, name, *figures, *others))
            print(rows[-1], flush=True)
    head = ["channel", "characters", "exact %", "characters %", "unchanged %", "worse", "restored right %"]
    text = f"Pieces and sentences of unseen web text, {options.number} of each, each alone.\n\n"
    publish("Codec mix-ups", text + table([*head, "strict round trip: exact %", "ftfy: exact %"], rows))


if __name__ == "__main__":
    main()
