"""Spans that went through a codec mix-up: found, read back, and decided.

A line is tried whole; where it is not damaged as a whole, each run of characters beyond ASCII in it; and where clean
text touches damage, the stretches of a run whose bytes may be UTF-8. What a span is worth is one number: how many
bits it costs as it stands, less what its best reading costs; it must be worth the bits of the channel. Where one span
is, the channel is at work, and the others need less: an accident happens to a text, and then to many places in it.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mojifix import screen, western
from mojifix.channels.recode import COMMON, CROSSED, GROUPS, LATIN, MIXED, UNMARKED, Glance, Recode, peel
from mojifix.charsets import LOST, utf8_in_gbk
from mojifix.evidence import BEHIND, ROUGH, WEAK, Seen, exact
from mojifix.found import LAYERS, MARKED, Found
from mojifix.lattice import Lattice
from mojifix.model import Model, load
from mojifix.plan import Damage, Edit, Guess, Plan, Repair, Step, replay

#: a run, with the ASCII bytes that may be the second of a pair, and the numbers that forms send for characters
_RUN = re.compile("(?:(?:[^\x00-\x7f]|&#[0-9]{3,7};)+[@-~]?)+\\??")
#: what a charset of single bytes shows, and ASCII
_NARROW = re.compile("[\0-\u07ff\u2000-\u25ff]+")
#: marks that no earlier call leaves: of one stump, and the number that a form sends
_SEVERAL = re.compile(f"{LOST}[?{LOST}]|[?]{LOST}|1{LOST}7|&#65533;")
#: spans that decide which program it was
SAMPLE = 8
#: bits by which what one charset has surely read of a text of which most was lost may cost more than by another: of
#: 1,490 sentences in four charsets the own one costs at most 9 more in 99 %
ALIKE = 10.0
#: bits by which a hanzi makes the next one likelier in a word. A mark in one is no mark: 蝙蝠, 忐忑. Of 39 clean lines
#: of web, chat and traditional Chinese in which there is a mark 29 have none but such, of damaged texts of four
#: characters and more less than 1 %, by any row; with 6 bits three in four of cp932 read as GBK, for the model has
#: learned from some
WORD = 8.0
#: bits a character that no text costs in pieces of eight characters and more: of GBK mended by ftfy and read without a
#: thought of that the best reading costs 14, as it was meant 6 to 8
ODD = 9.0
#: groups of which a long span is read in part first, so many characters: they gain as many bits a character (of ten
#: sentences after ftfy 7.6 to 12, where bytes were dropped 12 to 18), or the rest is not looked at
SLOW, PART = (MIXED, UNMARKED), 256


def undo(
    text: str, lines: Sequence[tuple[int, int]], *, threshold: float, least: float, again: bool = False
) -> tuple[Repair, list[tuple[int, int]]]:
    """The text with every span of some lines read back, where their evidence exceeds `threshold` bits; and those of the
    lines in which something was found.

    Restored characters less probable than `least` become U+FFFD. `again` says that an earlier call has left this text:
    what it has marked as lost is not restored now.

    >>> undo("// " + GROUPS[0][0].damage("初始化配置"), [(0, 11)], threshold=10, least=0.5)[0].text
    '// 初始化配置'
    """
    found = list(_found(text, lines, load(), again))
    return repaired(text, _accepted(found, threshold), least, again), left(lines, found)


def repaired(text: str, accepted: Iterable[Found], least: float, again: bool = False) -> Repair:
    """The text with some spans read back."""
    found = [(span, settled) for span in accepted if (settled := span.settled(least, again))]
    if not found:
        return Repair(text)
    edits: list[Edit] = []
    guesses: list[Guess] = []
    grown = 0
    for span, (restored, kept) in found:
        edits.append(Edit(span.start, span.end, restored))
        guesses += (Guess(g.start + span.start + grown, g.text, g.probability, g.alternatives) for g in kept)
        grown += len(restored) - (span.end - span.start)
    plan = Plan((Step(Counter(span.name for span, _ in found).most_common(1)[0][0], tuple(edits)),))
    damage = tuple(Damage(span.start, span.end, span.name, span.bits - span.price) for span, _ in found)
    return Repair(replay(text, plan), plan, tuple(guesses), damage)


def moved(lines: Iterable[tuple[int, int]], step: Step) -> Iterator[tuple[int, int]]:
    """Where lines are behind a step that edits nothing else.

    >>> [*moved([(0, 5), (6, 8)], Step("", (Edit(1, 4, "x"), Edit(6, 6, "yz"))))]
    [(0, 3), (4, 8)]
    """
    edits, grown = iter((*step.edits, None)), 0
    edit = next(edits)
    for start, end in lines:
        start += grown
        while edit and edit.end <= end:
            grown += len(edit.text) - (edit.end - edit.start)
            edit = next(edits)
        yield start, end + grown


def left(lines: Iterable[tuple[int, int]], found: Sequence[Found]) -> list[tuple[int, int]]:
    """The lines in which, or right behind which, something was found, worth enough or not: the others are done."""
    starts = [span.start for span in found]
    return [(start, end) for start, end in lines if bisect_left(starts, start) < bisect_left(starts, end + BEHIND)]


def _accepted(found: Sequence[Found], threshold: float) -> list[Found]:
    """The spans that are worth the bits of their channel; beside one, it is at work, and the others need less."""
    strong = {_kind(span) for span in found if span.bits > threshold + span.price}
    return [span for span in found if _kind(span) in strong and span.bits > min(WEAK - COMMON, threshold) + span.price]


def _kind(span: Found) -> tuple[str, str, int]:
    last = span.chain[0].policy
    return span.chain[-1].charset, last.family, last.drops


def _found(text: str, lines: Sequence[tuple[int, int]], model: Model, again: bool) -> Iterator[Found]:
    """Spans that read better than they stand."""
    finder = _Finder(text, model, again)
    marked = ((*line, [*screen.marks(text, *line)]) for line in lines)
    left = [line for line in marked if not finder.worded(*line)]
    first = [[*finder.spans(*line)] for line in left[:SAMPLE]]
    total: defaultdict[tuple[Recode, ...], float] = defaultdict(float)
    for span in itertools.chain.from_iterable(first):
        total[span.chain] += span.bits - span.price
    finder.usual = sorted(total, key=lambda chain: -total[chain])[:2]
    for line, found in itertools.zip_longest(left, first):
        same = found is not None and all(span.chain == finder.usual[0] for span in found)
        yield from found if same else finder.spans(*line)


@dataclass
class _Finder:
    """Looks for spans in a text; `usual` are the channels that explain it best so far, `sure` those that have left no
    doubt somewhere."""

    text: str
    model: Model
    again: bool
    usual: Sequence[tuple[Recode, ...]] = ()
    sure: list[tuple[Recode, ...]] = field(default_factory=list)

    def spans(self, start: int, end: int, marks: Sequence[screen.Mark]) -> Iterator[Found]:
        """The damaged spans of a line: all of it, or runs, or stretches of runs."""
        if whole := self.best(start, end):
            parts = [*self.apart(start, end)] if whole.mixed else []
            yield from parts if sum(span.bits - span.price for span in parts) > whole.bits - whole.price else [whole]
            return
        runs = [run.span() for run in _RUN.finditer(self.text, start, end)]
        at = 0
        for first, last in runs:
            while at < len(marks) and marks[at][1] <= first:
                at += 1
            if seen := marks[at : bisect_left(marks, (last,), at)]:
                span = self.best(first, last) if len(runs) > 1 else None  # ASCII around a single one changes nothing
                if span:
                    yield span
                elif any(family == "hanzi" for _, _, family in seen):
                    near = max(first, seen[0][0] - screen.SPARSE), min(last, seen[-1][1] + screen.SPARSE)
                    yield from self.stretches(*near)
                elif not _NARROW.fullmatch(self.text, first, last):
                    yield from self.apart(first, last)

    def worded(self, start: int, end: int, marks: Sequence[screen.Mark]) -> bool:
        """Whether all marks of a line are hanzi in words."""
        return all(
            last - first == 1 and (self.word(max(first - 1, start)) or self.word(first)) for first, last, _ in marks
        )

    def word(self, at: int) -> bool:
        """Whether there are two hanzi of one word."""
        pair = self.text[at : at + 2]
        if len(pair) < 2 or not "㐀" <= min(pair) <= max(pair) <= "鿿":
            return False
        two = pair[1]
        _, state = self.model.simplified(self.model.unknown, pair[0])
        return self.model.alone(two) - self.model.simplified(state, two)[0] >= WORD

    def apart(self, start: int, end: int) -> Iterator[Found]:
        """What single bytes explain in a line without the characters that none of them shows: these may be clean."""
        for part in _NARROW.finditer(self.text, start, end):
            if not part[0].isascii() and (span := self.best(*part.span(), (LATIN,))):
                yield span

    def stretches(self, start: int, end: int) -> Iterator[Found]:
        """Damage in a run that touches clean text: where its bytes in GBK are UTF-8, give or take a character. One pair
        is not even a hanzi."""
        done = start
        for starts, ends in utf8_in_gbk(self.text[start:end]):
            places = [(start + first, start + last) for first in starts for last in ends]
            if "hanzi" not in screen.families(self.text[slice(*places[0])]):
                continue
            tries = (self.best(first, last, GROUPS[:2]) for first, last in places if done <= first < last - 1)
            if span := max(filter(None, tries), key=lambda span: span.bits, default=None):
                yield span
                done = span.end
                self.usual = self.usual or (span.chain,)

    def families(self, start: int, end: int) -> frozenset[str]:
        """Of readers that may have shown a span; the letter before it says whether it is inside a word. Of text that an
        earlier call has left, single marks are what it could not restore."""
        found = screen.families(self.text[max(0, start - 1) : end])
        return found - MARKED if self.again and not _SEVERAL.search(self.text, start, end) else found

    def best(self, start: int, end: int, groups: Sequence[Sequence[Recode]] = GROUPS) -> Found | None:
        """What explains a span best, if anything does: the usual channels, then group by group."""
        for chain in self.sure:
            if span := exact(self.text, start, end, chain, self.model):
                return span
        families = self.families(start, end)
        if not families:
            return None
        seen = Seen(self.text, start, end, self.model)
        found: list[Found]
        for chain in self.usual:
            may = any(map(seen.may, seen.glance.plausible(chain[:1])))
            if may and (found := [*seen.readings(_through(seen.text, chain))]):
                return max(found, key=lambda span: span.bits)
        for rows in groups:
            if _asked(rows, families):
                found = []
                ways = peel(seen.text, self.worth(seen, rows), _again(seen, found))
                if rows is LATIN:
                    ways = itertools.chain(ways, western.peel(seen.text))
                for reading in seen.readings(ways):
                    if reading.clear:
                        if reading.chain not in self.sure:
                            self.sure = [*self.sure, reading.chain][:2]
                        return reading
                    found.append(reading)
                if found:
                    best = max(found, key=_worth)
                    if rows is LATIN and groups is GROUPS and _odd(best):
                        best = max(best, self.best(start, end, (MIXED,)) or best, key=_worth)
                    return best
        return None

    def worth(self, seen: Seen, rows: Sequence[Recode]) -> Iterator[Recode]:
        """The rows of a group that are tried."""
        slow = rows in SLOW
        tried: Iterable[Recode] = filter(seen.may, seen.glance.plausible(seen.crossed() if rows is CROSSED else rows))
        if rows[0].policy.family == "holes":
            found = [*tried]
            most = min(map(seen.least, found), default=0.0) + ALIKE
            tried = (row for row in found if seen.least(row) <= most)
        for row in tried:
            if slow and not self.worthwhile(seen, rows):
                return
            slow = False
            yield row

    def worthwhile(self, seen: Seen, rows: Sequence[Recode]) -> bool:
        """Whether a group that takes time is asked: by what a long span gains in a part of it, or a short one costs."""
        length = seen.end - seen.start
        if length <= 2 * PART:
            return seen.bits >= ROUGH * min(PART, length)
        part = self.best(seen.start, seen.start + PART, (rows,))
        return part is not None and part.bits >= ROUGH * PART


def _worth(span: Found) -> float:
    return span.bits - span.price


def _odd(span: Found) -> bool:
    """Whether what single bytes make of a span may be by chance."""
    charset, reading = span.chain[-1].charset, span.reading
    rarely = charset != "gbk" and span.bits < ROUGH * (span.end - span.start)
    return charset != "utf-8" and (rarely or reading.bits > ODD * len(reading.text))


def _asked(group: Sequence[Recode], families: Collection[str]) -> bool:
    return group[0].policy.family in families or (group is CROSSED and "crossed" in families)


def _again(seen: Seen, found: Sequence[Found]) -> Callable[[str], Iterator[Recode]]:
    """The rows that a text which has been read back may have been through besides, if more than a character of it is
    known: group by group, until one of a group explains more. Not what ftfy mended: to invert that of a text that is
    known in part took a minute for 63 characters."""

    def rows(text: str) -> Iterator[Recode]:
        families = screen.families(text) & {*LAYERS, "crossed", "holes"} if len(text.replace(LOST, "")) > 1 else ()
        glance = Glance(text)
        for group in GROUPS:
            if group is not MIXED and _asked(group, families):
                before = len(found)
                yield from (row for row in glance.plausible(group) if seen.again(row, glance))
                if len(found) > before:
                    return

    return rows


def _through(span: str, chain: tuple[Recode, ...]) -> Iterator[tuple[tuple[Recode, ...], Lattice]]:
    """What one channel makes of a span."""
    rest = iter(chain[1:])
    for found, lattice in peel(span, chain[:1], lambda _: itertools.islice(rest, 1), len(chain)):
        if found == chain:
            yield found, lattice
