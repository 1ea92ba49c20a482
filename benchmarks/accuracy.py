"""Codec mix-ups: how much comes back, channel by channel and length by length, beside what else there is.

    MOJIFIX_DATA=FOLDER python benchmarks/accuracy.py [--only REGEX] [--number 100] [--lengths 4,sentence] [--errors 5]

* lossy: of the texts, those that lost bytes: who knows the programs can not turn them back
* exact: the whole text came back; whole exact: of the texts that lost nothing, those that came back
* characters: of all characters, those right (1 - edit distance / length)
* abstained: not exact, and something is marked as lost (U+FFFD), or nothing was done. wrong: neither
* worse: texts that are farther from the original than what went in
* restored right: of the characters guessed, those right
* k chars/s: thousands of characters of input repaired in a second, each text alone

Other tools: exact % / characters %. Strict is `encode` and `decode` of Python's own codecs, told the codecs of the row.
Texts that the accident leaves as they are, and those that the charset can not write, are not counted.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

from accidents import channels
from common import declined, distance, ftfy, percent, plsfix, publish, table
from damages import LANGUAGES, Channel

import mojifix
from mojifix import Repair

LENGTHS = {"4": 4, "8": 8, "16": 16, "sentence": 0}
GROUPS = {
    "A": "UTF-8 read as GBK",
    "B": "nested",
    "C": "half-mended",
    "D": "read as single bytes",
    "E": "UTF-8 read as single bytes",
    "F": "East Asian crosses",
    "G": "read as UTF-8",
    "H": "inside other text",
    "other": "other rows of the table",
}
HEAD = (
    "channel",
    "length",
    "texts",
    "lossy %",
    "exact %",
    "whole exact %",
    "characters %",
    "abstained %",
    "wrong %",
    "worse",
    "restored right %",
    "k chars/s",
    "identity",
    "strict",
    "ftfy",
    "plsfix",
)


class Case(NamedTuple):
    """What came in, what is right (the best answer first), and whether a byte was lost."""

    seen: str
    answers: tuple[str, ...]
    lossy: bool

    def far(self, text: str) -> int:
        return 0 if text in self.answers else min(distance(text, answer) for answer in self.answers)


def cases(channel: Channel, length: int, number: int) -> Iterator[Case]:
    """Sentences, or pieces of them of one length with something in them that can be damaged."""
    rng = random.Random(length)
    for sentence in channel.texts(4 * number):
        start = rng.randrange(max(1, len(sentence) - length)) if length else 0
        text = sentence[start : start + length] if length else sentence
        if channel.file not in LANGUAGES and not re.search("[一-鿿]", text):
            continue
        try:
            seen = channel.damage(text)
        except UnicodeError:
            continue
        answers = channel.answers(text)
        if seen != answers[0]:
            yield Case(seen, answers, not channel.whole(answers[0], seen))


class Tally:
    """Some cases repaired by `mojifix.explain`."""

    def __init__(self, found: list[Case]) -> None:
        self.cases = found
        self.exact = self.whole = self.abstained = self.worse = self.guessed = self.right = 0
        self.seconds = 0.0
        self.errors: list[tuple[Case, str]] = []
        for case in found[:1]:
            mojifix.explain(case.seen)  # tables of a program are made when it is first met
        self.near = 0  # characters in place
        for case in found:
            start = time.perf_counter()
            repair = mojifix.explain(case.seen)
            self.seconds += time.perf_counter() - start
            self._count(case, repair)

    def _count(self, case: Case, repair: Repair) -> None:
        far = case.far(repair.text)
        self.near += max(0, len(case.answers[0]) - far)
        self.exact += not far
        self.whole += not far and not case.lossy
        self.abstained += bool(far) and declined(repair.text, case.seen)
        self.worse += far > case.far(case.seen)
        self.guessed += len(repair.guesses)
        self.right += right_guesses(repair, case.answers[0])
        if far:
            self.errors.append((case, repair.text))

    def row(self, channel: Channel, length: str, tools: Iterable[Callable[[str], str] | None]) -> tuple[str, ...]:
        texts = len(self.cases)
        lossless = sum(not case.lossy for case in self.cases)
        speed = sum(len(case.seen) for case in self.cases) / self.seconds / 1000 if texts else 0
        return (
            channel.name,
            length,
            str(texts),
            percent(texts - lossless, texts) if channel.layers or channel.group != "H" else "-",
            percent(self.exact, texts),
            percent(self.whole, lossless),
            percent(self.near, self.characters),
            percent(self.abstained, texts),
            percent(texts - self.exact - self.abstained, texts),
            str(self.worse),
            percent(self.right, self.guessed),
            f"{speed:.0f}",
            *(self._beside(tool) for tool in tools),
        )

    @property
    def characters(self) -> int:
        return sum(len(case.answers[0]) for case in self.cases)

    def _beside(self, tool: Callable[[str], str] | None) -> str:
        if not tool or not self.cases:
            return "-"
        fars = [case.far(tool(case.seen)) for case in self.cases]
        right = sum(max(0, len(case.answers[0]) - far) for case, far in zip(self.cases, fars, strict=True))
        return f"{percent(fars.count(0), len(fars))} / {percent(right, self.characters)}"


def right_guesses(repair: Repair, meant: str) -> int:
    """Guesses that are right; where the lengths differ, as difflib lays the texts side by side."""
    if len(repair.text) == len(meant):
        return sum(meant.startswith(guess.text, guess.start) for guess in repair.guesses)
    blocks = SequenceMatcher(None, repair.text, meant, autojunk=False).get_matching_blocks()
    same = {place for start, _, size in blocks for place in range(start, start + size)}
    return sum(same.issuperset(range(g.start, g.start + len(g.text))) for g in repair.guesses)


def show(channel: Channel, errors: Iterable[tuple[Case, str]]) -> None:
    for case, got in errors:
        kind = "abstained" if declined(got, case.seen) else "WRONG"
        print(f"  {channel.name}: {kind}\n    seen  {case.seen!r}\n    meant {case.answers[0]!r}\n    got   {got!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="channels whose 'group name' this regular expression is found in")
    parser.add_argument("--number", type=int, default=100, help="texts of each kind (default: %(default)s)")
    parser.add_argument("--lengths", default=",".join(LENGTHS), help="some of %(default)s")
    parser.add_argument("--errors", type=int, default=0, help="show so many texts of each row that are not exact")
    parser.add_argument("--alone", action="store_true", help="without the other tools")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write takes the whole table")
    lengths = options.lengths.split(",")
    if not LENGTHS.keys() >= set(lengths):
        parser.error(f"--lengths are some of {','.join(LENGTHS)}")
    mojifix.fix("浣犲ソ")  # loads the model
    rows: dict[str, list[tuple[str, ...]]] = {}
    chosen = [channel for channel in channels() if re.search(options.only, f"{channel.group} {channel.name}")]
    for at, channel in enumerate(chosen, 1):
        for length in lengths if channel.pieces else [name for name in lengths if name == "sentence"]:
            print(f"\r\033[K{at}/{len(chosen)} {channel.name}, {length}", end="", file=sys.stderr, flush=True)
            found = list(islice(cases(channel, LENGTHS[length], options.number), options.number))
            tally = Tally(found)
            tools = () if options.alone else (str, channel.strict, ftfy, plsfix())
            rows.setdefault(channel.group, []).append(tally.row(channel, length, tools))
            show(channel, tally.errors[: options.errors])
    print("\r\033[K", end="", file=sys.stderr)
    assert __doc__
    text = f"At most {options.number} pieces or sentences of unseen text a row, each alone.\n\n"
    text += __doc__.partition("\n\n    MOJI")[2].partition("\n\n")[2]
    head = HEAD[: -4 if options.alone else None]
    for group, title in GROUPS.items():
        if group in rows:
            text += f"\n### {group}. {title}\n\n" + table(head, rows[group])
    publish("Codec mix-ups", text)


if __name__ == "__main__":
    main()
