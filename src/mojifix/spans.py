"""Spans that went through a codec mix-up: found, read back, and decided.

A line is tried whole; where it is not damaged as a whole, each run of characters beyond ASCII in it; and where clean
text touches damage, the stretches of a run whose bytes may be UTF-8. What a span is worth is one number: how many
bits it costs as it stands, less what its best reading costs; it must be worth the bits of the channel. Where one span
is, the channel is at work, and the others need less: an accident happens to a text, and then to many places in it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import NamedTuple
from unicodedata import normalize

from mojifix import screen, western
from mojifix.channels.recode import COMMON, CROSSED, GROUPS, LATIN, LAYER, MIXED, UNMARKED, Glance, Look, Recode, peel
from mojifix.charsets import LOST, Reader, utf8_in_gbk
from mojifix.eaten import NEAR, priced
from mojifix.lattice import CUT, UNKNOWN, Lattice
from mojifix.model import Model, State, load
from mojifix.plan import Damage, Edit, Guess, Plan, Repair, Step, replay
from mojifix.search import Reading, best_reading

#: a run, with the ASCII bytes that may be the second of a pair, and the numbers that forms send for characters
_RUN = re.compile("(?:(?:[^\x00-\x7f]|&#[0-9]{3,7};)+[@-~]?)+\\??")
_KANA = re.compile("[ぁ-ヿ]")
_JAPANESE = frozenset({"euc-jp", "cp932"})
#: families of readers that show text, which may be saved and read again
_LAYERS = frozenset({"hanzi", "latin"})
#: what a charset of single bytes shows, and ASCII
_NARROW = re.compile("[\0-\u07ff\u2000-\u25ff]+")
#: nobody writes it
_STRANGE = re.compile("[\x7f-\x9f\ue000-\uf8ff\U00040000-\U0010ffff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_OPAQUE = re.compile(f"[{LOST}\ue000-\uf8ff]")
_HANZI = re.compile("[㐀-鿿]+")
_HALF = re.compile("[｡-ﾟ]+")
_AGAIN = re.compile("(.)\\1{2,}")
#: characters before and behind a run that say what it may be
BEFORE, BEHIND = 8, 3
#: spans that decide which program it was
SAMPLE = 8
#: bits to say that it is here that the text is damaged
HERE = 2.0
#: bits that a span needs where another one has shown the channel to be at work
WEAK = 10.0
#: bits a character with which a reading as UTF-8, of which nothing was lost, leaves no doubt; and that any such reading
#: costs at most: sentences cost 4 to 8, by another charset or code page 7 and more
CLEAR, PROSE = 7.0, 6.5
#: bits a character that a span costs at least that shows hanzi and was not written in UTF-8: EUC-JP read as GBK, which
#: has its kana still, 7 and more, GBK read as EUC-KR 9.9, Big5 read as GBK 12.5
ROUGH = 7.0
#: groups of which a long span is read in part first, so many characters: they gain as many bits a character (of ten
#: sentences after ftfy 7.6 to 12, where bytes were dropped 12 to 18), or the rest is not looked at
SLOW, PART = (MIXED, UNMARKED), 256
#: bits more for what may be a letter of the Latin word around it (`screen.GLUED`). Clean text has not one in 2 ** 27
#: characters, and damaged European text one in 38 letters, so that one is worth 27 bits and more; in the model, where
#: words are one symbol, it is 7 to 15 ("f眉r" 7 in a string of code, which no prose has)
GLUED = 20.0
#: bits of each hanzi where a Japanese charset has no kana: of 8 characters of Japanese hardly any is so, of GBK taken
#: for EUC-JP all are. GBK read as UTF-8, of which half is lost, was Japanese in 3 of 20 sentences, and is in none
BARE = 2.0
#: bits of a list of hanzi: that it is one, and of each, one of 20,000. In the model rare hanzi cost 20 to 26, so that
#: lists of them gain by any other reading: of 4,000 of four hanzi the best 37 bits, so 21; of 1,300 of twelve 78 and 37
LIST, ENTRY = 24.0, 14.0
#: bits of a run of half-width kana, which are kana: 16 each in the model, and hanzi in GBK would cost less than a word
NARROW = 6.0
#: bits of a private-use character: one of 6,400, in text with icons; in the model it is next to impossible
PRIVATE = 20.0


class Found(NamedTuple):
    """A damaged span of the text, and how it reads."""

    start: int
    end: int
    chain: tuple[Recode, ...]
    bits: float
    reading: Reading

    @property
    def name(self) -> str:
        """The channel as in reports, the last accident first."""
        return ", ".join(channel.name for channel in self.chain)

    @property
    def clear(self) -> bool:
        """Whether no other reading need be looked at: UTF-8, or prose."""
        utf8 = self.chain[-1].charset == "utf-8" and self.bits > CLEAR * (self.end - self.start)
        return not self.reading.guesses and (utf8 or self.reading.bits < PROSE * len(self.reading.text))

    def settled(self, least: float, again: bool) -> tuple[str, tuple[Guess, ...]] | None:
        """As `Reading.settled`; None if nothing comes back, and what is seen may be more characters than what is read.
        No mark that an earlier call has left in good text (`again`) becomes a character: what would be one is a mark.
        """
        text, kept = self.reading.settled(least)
        policy = self.chain[0].policy
        if not kept and not policy.counts:
            return None
        return self.reading.settled(inf) if again and policy.family in ("stumps", "holes") else (text, kept)

    @property
    def mixed(self) -> bool:
        """Whether any character may be part of what is seen: clean ones beside it too."""
        return any(channel in MIXED for channel in self.chain)

    @property
    def price(self) -> float:
        """Bits of the channel."""
        return max(channel.bits for channel in self.chain)


def undo(text: str, *, threshold: float, least: float, again: bool = False) -> Repair:
    """The text with every span read back, where their evidence exceeds `threshold` bits.

    Restored characters less probable than `least` become U+FFFD. `again` says that an earlier call has left this text:
    what it has marked as lost is not restored now.

    >>> undo("// " + GROUPS[0][0].damage("初始化配置"), threshold=10, least=0.5).text
    '// 初始化配置'
    """
    accepted = _accepted(list(_found(text, load())), threshold)
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


def _accepted(found: Sequence[Found], threshold: float) -> list[Found]:
    """The spans that are worth the bits of their channel; beside one, it is at work, and the others need less."""
    strong = {_kind(span) for span in found if span.bits > threshold + span.price}
    return [span for span in found if _kind(span) in strong and span.bits > min(WEAK - COMMON, threshold) + span.price]


def _kind(span: Found) -> tuple[str, str, bool]:
    last = span.chain[0].policy
    return span.chain[-1].charset, last.family, last.drops


def _found(text: str, model: Model) -> Iterator[Found]:
    """Spans that read better than they stand."""
    lines = [*screen.lines(text)]
    finder = _Finder(text, model)
    first = [[*finder.spans(*line)] for line in lines[:SAMPLE]]
    total: defaultdict[tuple[Recode, ...], float] = defaultdict(float)
    for span in itertools.chain.from_iterable(first):
        total[span.chain] += span.bits - span.price
    finder.usual = sorted(total, key=lambda chain: -total[chain])[:2]
    for line, found in itertools.zip_longest(lines, first):
        same = found is not None and all(span.chain == finder.usual[0] for span in found)
        yield from found if same else finder.spans(*line)


@dataclass
class _Finder:
    """Looks for spans in a text; `usual` are the channels that explain it best so far."""

    text: str
    model: Model
    usual: Sequence[tuple[Recode, ...]] = ()

    def spans(self, start: int, end: int) -> Iterator[Found]:
        """The damaged spans of a line: all of it, or runs, or stretches of runs."""
        if whole := self.best(start, end):
            parts = [*self.apart(start, end)] if whole.mixed else []
            yield from parts if sum(span.bits - span.price for span in parts) > whole.bits - whole.price else [whole]
            return
        runs = [*_RUN.finditer(self.text, start, end)]
        for run in runs:
            if self.families(*run.span()):  # ASCII around a single one changes nothing
                span = self.best(*run.span()) if len(runs) > 1 else None
                yield from [span] if span else self.stretches(*run.span())

    def apart(self, start: int, end: int) -> Iterator[Found]:
        """What single bytes explain in a line without the characters that none of them shows: these may be clean."""
        for part in _NARROW.finditer(self.text, start, end):
            if not part[0].isascii() and (span := self.best(*part.span(), (LATIN,))):
                yield span

    def stretches(self, start: int, end: int) -> Iterator[Found]:
        """Damage in a run that touches clean text: where its bytes in GBK are UTF-8, give or take a character."""
        done = start
        for starts, ends in utf8_in_gbk(self.text[start:end]):
            places = [(start + first, start + last) for first in starts for last in ends]
            if "hanzi" not in screen.families(self.text[slice(*places[0])]):
                continue
            tries = (self.best(first, last, GROUPS[:2]) for first, last in places if done <= first < last)
            if span := max(filter(None, tries), key=lambda span: span.bits, default=None):
                yield span
                done = span.end
                self.usual = self.usual or (span.chain,)

    def families(self, start: int, end: int) -> frozenset[str]:
        """Of readers that may have shown a span; the letter before it says whether it is inside a word."""
        return screen.families(self.text[max(0, start - 1) : end])

    def best(self, start: int, end: int, groups: Sequence[Sequence[Recode]] = GROUPS) -> Found | None:
        """What explains a span best, if anything does: the usual channels, then group by group."""
        seen = _Seen(self.text, start, end, self.model)
        found: list[Found]
        for chain in self.usual:
            if found := [*seen.readings(_through(seen.text, chain))]:
                return max(found, key=lambda span: span.bits)
        families = self.families(start, end)
        for rows in groups:
            if _asked(rows, families):
                found = []
                ways = peel(seen.text, self.worth(seen, rows), _again(found))
                if rows is LATIN:
                    ways = itertools.chain(ways, western.peel(seen.text))
                for reading in seen.readings(ways):
                    if reading.clear:
                        return reading
                    found.append(reading)
                if found:
                    return max(found, key=lambda span: span.bits - span.price)
        return None

    def worth(self, seen: _Seen, rows: Sequence[Recode]) -> Iterator[Recode]:
        """The rows of a group that are tried."""
        slow = rows in SLOW
        for row in seen.glance.plausible(rows):
            if seen.may(row):
                if slow and not self.worthwhile(seen, rows):
                    return
                slow = False
                yield row

    def worthwhile(self, seen: _Seen, rows: Sequence[Recode]) -> bool:
        """Whether a group that takes time is asked: by what a long span gains in a part of it, or a short one costs."""
        length = seen.end - seen.start
        if length <= 2 * PART:
            return seen.bits >= ROUGH * min(PART, length)
        part = self.best(seen.start, seen.start + PART, (rows,))
        return part is not None and part.bits >= ROUGH * PART


class _Seen:
    """A span as it stands: what is around it, and what it costs."""

    def __init__(self, text: str, start: int, end: int, model: Model) -> None:
        self.start, self.end, self._model = start, end, model
        self.glance = Glance(text[start:end])
        self._least: dict[tuple[type[Reader], Look], float] = {}
        self.text, self._then = text[start:end], text[end : end + BEHIND] or "\n"
        self._before = text[max(0, start - BEFORE) : start].rpartition("\n")[2]
        line = text[max(0, start - NEAR) : start].rpartition("\n")[2]
        self._around = line, text[end : end + NEAR].partition("\n")[0] + "\n"
        self._glued = len(screen.GLUED.findall(text, start, end + 1))

    @cached_property
    def _state(self) -> State:
        return self._model.script(self.text)(self._model.start, self._before)[1]

    @cached_property
    def bits(self) -> float:
        """Bits as it stands. A lost character is some character; one that goes on and on is soon expected."""
        step, state = self._model.script(self.text), self._state
        text, narrow = _wide(self.text + self._then)
        total = (
            GLUED * self._glued + NARROW * narrow + UNKNOWN * text.count(LOST) + PRIVATE * len(_PRIVATE.findall(text))
        )
        for number, part in enumerate(_OPAQUE.split(text)):
            squeezed = _AGAIN.sub(r"\1\1", part)
            bits, _ = step(self._model.unknown if number else state, squeezed)
            total += bits + len(part) - len(squeezed)
        return total

    @cached_property
    def listed(self) -> float:
        """The same, where it may be a list of hanzi that have nothing to do with each other."""
        text, narrow = _wide(self.text)
        step, parts = self._model.script(self.text), _HANZI.split(text)
        others = NARROW * narrow + sum(step(self._model.unknown, part)[0] for part in parts if part)
        return min(self.bits, LIST + ENTRY * (len(text) - sum(map(len, parts))) + others)

    def may(self, row: Recode) -> bool:
        """Whether a row may explain it: it costs enough, and more than what the row has surely read. UTF-8 need not be
        asked how much, for hardly any bytes are UTF-8."""
        rough = ROUGH * len(self.text) if row.policy.family == "hanzi" and row.charset != "utf-8" else 0.0
        if self.bits <= max(WEAK - COMMON + row.bits + HERE, rough):
            return False
        key = type(row.policy), row.look
        if key not in self._least:
            self._least[key] = self._known(row)
        return self.bits - HERE > self._least[key]

    def _known(self, row: Recode) -> float:
        """Bits of what a row has surely read: character by character; and in the model, if that is less than what is
        seen costs so, and all of it. Of what may have been damaged before nothing is known."""
        runs, cut = self.glance.reads(row)
        if row.saved and _LAYERS & screen.families(LOST.join(ways[0] for ways in runs)):
            return 0.0
        alone, ends = self._model.alone, cut * (CUT + UNKNOWN)
        least = ends + alone(self._then) + sum(min(map(alone, ways)) for ways in runs)
        if len(runs) != 1 or least > max(self.bits, alone(self.text)):
            return least
        text = runs[0][0]
        return ends + self._model.script(text)(self._state, text + self._then)[0]

    def readings(self, ways: Iterable[tuple[tuple[Recode, ...], Lattice]]) -> Iterator[Found]:
        """How it may read, channel by channel, where that is better than it stands."""
        for chain, lattice in ways:
            reading = best_reading(
                priced(lattice, self._model, *self._around), self._model, start=self._state, then=self._then
            )
            seen = self.bits if chain[-1].charset == "utf-8" else self.listed
            bits = seen - reading.bits - HERE - LAYER * (len(chain) - 1)
            if chain[-1].charset in _JAPANESE and not _KANA.search(reading.text):
                bits -= BARE * sum(map(len, _HANZI.findall(reading.text)))
            found = Found(self.start, self.end, chain, bits, reading)
            lost = LOST in reading.text and chain[-1].policy.family in _LAYERS
            same = reading.text in ("", self.text) or lost or _STRANGE.search(reading.text)
            if bits > max(0.0, found.price + WEAK - COMMON) and not same:
                yield found


def _wide(text: str) -> tuple[str, int]:
    """A text with kana for half-width ones, and how many runs of them it has."""
    return _HALF.subn(lambda run: normalize("NFKC", run[0]), text)


def _asked(group: Sequence[Recode], families: Collection[str]) -> bool:
    return group[0].policy.family in families or (group is CROSSED and "crossed" in families)


def _again(found: Sequence[Found]) -> Callable[[str], Iterator[Recode]]:
    """The rows that a text which has been read back may have been through besides, if more than a character of it is
    known: group by group, until one of a group explains more."""

    def rows(text: str) -> Iterator[Recode]:
        families = screen.families(text) & {*_LAYERS, "crossed", "holes"} if len(text.replace(LOST, "")) > 1 else ()
        glance = Glance(text)
        for group in GROUPS:
            if _asked(group, families):
                before = len(found)
                yield from glance.plausible(group)
                if len(found) > before:
                    return

    return rows


def _through(span: str, chain: tuple[Recode, ...]) -> Iterator[tuple[tuple[Recode, ...], Lattice]]:
    """What one channel makes of a span."""
    rest = iter(chain[1:])
    for found, lattice in peel(span, chain[:1], lambda _: itertools.islice(rest, 1), len(chain)):
        if found == chain:
            yield found, lattice
