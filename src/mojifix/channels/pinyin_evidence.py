"""Which lines of a text has the kit been over? And has it, or did people annotate it?

Legitimate text has pinyin in brackets too: an encyclopedia behind a rare character, a reader for beginners behind every
one, a list of words. `Evidence.bits` is the logarithm of the likelihood ratio of the kit against the likeliest kind of
such text. Text is weighed by pages, for a kit goes over whole pages: `pages` finds them, `damaged_lines` their lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from math import e, log2
from unicodedata import combining, normalize

from mojifix.channels.kit_damage import HAN, kit_table
from mojifix.channels.readings import readings
from mojifix.charsets import POLICIES
from mojifix.variants import in_gb2312

LETTERS = "a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
#: a character with pinyin behind it, as the kit writes it
ANNOTATION = re.compile(f"([^\x00-\x7f])\\(([{LETTERS}]{{1,6}})\\)")
#: a bad pair that swallowed the bracket of an annotation
SWALLOWED = re.compile(f"[?\ufffd]\\(?([{LETTERS}]{{1,6}})\\)")
#: an annotation of the second byte of a character with the ASCII letter behind it
ACROSS = re.compile(f"([^\x00-\x7f]|[,:;!?()])([@-~])\\(([{LETTERS}]{{1,6}})\\)")
#: a swallowed "<" or "&" in Chinese text
_EATEN = "[?\ufffd](?:/?[a-z]{1,10}>|[a-z]{2,8};)"
STUMP = re.compile(f'(?<=[^\x00- "-+\\--:<->@-\x7f]){_EATEN}|{_EATEN}(?=[^\x00-\x7f])')
#: a mark that won over the characters it was part of, and what was then read in wrong pairs
MARK = re.compile("[?\ufffd][?,;!？，；！]([@-~]?[^\x00-\x7f]+)")
#: several syllables between brackets, or a name: the kit has one, in small letters
_WORDS = re.compile(f"[（(][{LETTERS}A-ZĀÁǍÀĒÉĚÈŌÓǑÒ '’·-]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][{LETTERS} '’·-]*[)）]")
#: what is read in wrong pairs, as far as it can reach
_WRONG_PAIRS = re.compile(f"[?\ufffd]\\(?(?:[{LETTERS}]{{1,6}}\\))?[^\x00-\x7f]*")
_HAN = re.compile("[一-龥]")

Cost = Callable[[str], float]
"""Bits of a character."""

# What each part of the evidence weighs, in bits. benchmarks/kit.py --clean has the text that none may touch, and its
# sparse sentences what they must still find.
#: share of the traditional characters that a kit annotates, at the least; that a book annotates, in passing
KIT_RATE, BOOK_RATE = 1 / 50, 1 / 1000
#: a book that annotates as much as a kit is rarer than one that annotates in passing: by so many bits
ANNOTATING = 2.5
#: a book chooses among 6,000 characters, rare ones as often as common ones: 12.6 bits. A kit's characters come as often
#: as in any text, and one in 3.5 is one of them: 1.8 bits more
BOOK_CHARACTER = 14.4
#: a primer annotates every character: it leaves out 1 in 20 (4.3 bits), and that it annotates a traditional one is
#: nothing special, while a kit passes by the others (1.8 bits)
LEFT_OUT, ALL = 4.3, 1.8
#: a reading that the kit can not have written: people who annotate write such all the time, the kit by chance at most
FOREIGN = 12.0
#: an annotated character alone between marks: the head of an entry. In running text 1 in 30 is
ALONE = 5.0
#: a place that only bytes explain: 1 in 4,000 pages of other text has one. If its bytes do not fit, half
BROKEN = 12.0
#: text in wrong pairs costs more a character than this; its surplus counts, to the most that a place can say
ROUGH = 11.5
#: the kit writes 臺 and leaves 后: text with 台 or 後 has not been through it, but for 1 in 60 that our tables have
#: wrong; traditional text has one such character in 40 (0.036 bits for each that is none)
ALIEN, NO_ALIEN = 6.0, 0.036
#: the characters of a text are not independent: no more than this from all that stand in it
MOST = 12.0
#: to have been over a line and not over the next, or the other way round
SWITCH = 6.0


@cache
def kit_characters() -> frozenset[str]:
    """Traditional characters that the kit may have written, from any simplified one."""
    return frozenset("".join(readings().values()))


@cache
def _aliens() -> frozenset[str]:
    """Characters of mainland pages that the kit does not leave, and traditional ones that it does not write."""
    table = kit_table()
    simplified = {chr(code) for code in HAN if code in table and in_gb2312(chr(code))}
    return frozenset(simplified | (kit_characters() - set(table.values()))) - set(table.values())


@cache
def _toneless() -> dict[str, str]:
    """Readings without their tone, as `readings`."""
    found: dict[str, str] = {}
    for reading, chars in readings().items():
        bare = "".join(char for char in normalize("NFD", reading) if combining(char) != 230 or char == "\u0308")
        found[bare] = found.get(bare, "") + chars
    return found


@dataclass(slots=True)
class Evidence:
    """What lines have for and against the kit."""

    annotated: Counter[tuple[str, str]] = field(default_factory=Counter)  # character and reading
    foreign: int = 0  # readings that the kit can not have written
    broken: float = 0.0  # places that only bytes explain
    wrong: list[str] = field(default_factory=list)  # text behind a mark that may have been read in wrong pairs
    alone: int = 0  # annotated characters that are no part of a text
    chars: Counter[str] = field(default_factory=Counter)  # Chinese characters, less those read in wrong pairs
    traditional: int = 0  # of them those that the kit may have annotated; with the lines between

    @classmethod
    def of(cls, text: str) -> Evidence:
        """Collect it.

        >>> evidence = Evidence.of("當(dāng)前，網(wǎng)絡(luò)技術(shù)")
        >>> evidence.annotated.total(), evidence.foreign, evidence.traditional
        (4, 0, 4)
        """
        found = cls()
        known, toneless = readings(), _toneless()
        for match in ANNOTATION.finditer(text):
            char, pinyin = match.groups()
            if char in known.get(pinyin, ""):
                found.annotated[char, pinyin] += 1
                before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
                found.alone += not (_HAN.match(before) or _HAN.match(after) or before == ")")
            else:
                toned = pinyin in known and not pinyin.isascii()
                found.foreign += toned or char in toneless.get(pinyin, "")
        found.broken = sum(_swallowed(match, text) for match in SWALLOWED.finditer(text))
        found.broken += sum(map(is_across, ACROSS.finditer(text)))
        if found:
            found.broken += sum(1 for _ in STUMP.finditer(text))
            found.foreign += sum(1 for match in _WORDS.finditer(text) if match[0][1:-1] not in known)
            found.wrong = [match[1] for match in MARK.finditer(text)]
            found.chars = Counter(_HAN.findall(_WRONG_PAIRS.sub("", text)))
            found.traditional = sum(times for char, times in found.chars.items() if char in kit_characters())
        return found

    def __bool__(self) -> bool:
        return bool(self.annotated or self.broken)

    def add(self, other: Evidence) -> None:
        """Count the evidence of other lines in."""
        self.annotated += other.annotated
        self.foreign += other.foreign
        self.broken += other.broken
        self.wrong += other.wrong
        self.alone += other.alone
        self.chars += other.chars
        self.traditional += other.traditional

    def bits(self, cost: Cost, lean: Cost = lambda char: 0.0) -> float:
        """The evidence for the kit. `cost` is the cost of a character whatever stands beside it, `lean` by how much it
        is dearer in traditional than in simplified text."""
        if not self:
            return 0.0
        kinds = {char for char, _ in self.annotated}
        total, found = self.annotated.total(), len(kinds)
        among = max(self.traditional - total + found, found, 1)
        rate = max(found / among, KIT_RATE)
        choice = sum(BOOK_CHARACTER - cost(char) for char in kinds)
        in_passing = choice + found * log2(rate / BOOK_RATE) - among * (rate - BOOK_RATE) * log2(e)
        annotating = choice + ANNOTATING
        plain = max(0, self.chars.total() - total)
        primer = ANNOTATING + LEFT_OUT * plain - ALL * total
        against = FOREIGN * (self.foreign + len(self.annotated) - found) + ALONE * self.alone
        wrong = sum(min(BROKEN, max(0.0, sum(cost(char) - ROUGH for char in run[:8]))) for run in self.wrong)
        return min(in_passing, annotating, primer) + self._script(lean) + BROKEN * self.broken + wrong - against

    def _script(self, lean: Cost) -> float:
        """The bits in the characters themselves, annotated or not: converted one by one, or written so."""
        aliens = self.aliens
        rest = (self.chars.total() - aliens) * NO_ALIEN
        shared = self.chars.keys() - kit_characters() - _aliens()
        return min(MOST, rest + sum(lean(char) * self.chars[char] for char in sorted(shared))) - ALIEN * aliens

    @property
    def aliens(self) -> int:
        return sum(times for char, times in self.chars.items() if char in _aliens())


def gbk(text: str) -> bytes:
    """The GBK bytes of a text, a question mark for what GBK lacks."""
    return POLICIES["cp936/windows"].encode(text)


def annotates(code: bytes, pinyin: str) -> bool:
    """Whether two bytes are a character with this reading."""
    return len(code) == 2 and code.decode("gbk", "ignore") in (readings().get(pinyin) or "-")


def is_across(match: re.Match[str]) -> bool:
    """Whether the reading in a match of `ACROSS` is that of its bytes; a mark may be the ASCII form of a wide one.

    >>> [is_across(match) for match in ACROSS.finditer("物L(fēng)DO,F(xiàn)AQ，F(lüè)")]
    [True, True, False]
    """
    before = chr(ord(match[1]) + 0xFEE0) if match[1].isascii() else match[1]
    return annotates(gbk(before)[-1:] + match[2].encode(), match[3])


def _swallowed(match: re.Match[str], text: str) -> float:
    """Whether "?shù)" is a reading whose character lost its second byte: 1 if the byte before fits, else half of it.

    With its bracket it may be a question, and its bytes must fit.
    """
    chars = readings().get(match[1], "")
    if not chars or match[1].isascii():
        return 0.0
    lead = gbk(text[: match.start()][-1:])[-1:]
    fits = any(char.encode("gbk")[:1] == lead for char in chars)
    bracket = "(" in match[0]
    return (0.5 if bracket else 1.0) if fits else (0.0 if bracket else 0.5)


@dataclass(slots=True)
class Page:
    """Lines that are one page: from the first that has something for the kit to the last, and the evidence of these."""

    first: int
    last: int
    evidence: Evidence


def pages(lines: list[str]) -> Iterator[Page]:
    """A kit annotates one in 50 of the traditional characters: where 350 have nothing (10 bits), its page is over.

    >>> [(page.first, page.last) for page in pages(["水", "開(kāi)發(fā)", "開發", "網(wǎng)", "國" * 400, "網(wǎng)"])]
    [(1, 3), (5, 5)]
    """
    page: Page | None = None
    gap = 0
    for number, line in enumerate(lines):
        evidence = Evidence.of(line)
        if not evidence:
            if page:
                gap += sum(1 for char in line if char in kit_characters())
            continue
        if page and gap * KIT_RATE * log2(e) <= 10.0:
            page.last = number
            page.evidence.traditional += gap
            page.evidence.add(evidence)
        else:
            if page:
                yield page
            page = Page(number, number, evidence)
        gap = 0
    if page:
        yield page


def damaged_lines(lines: list[str], found: list[Page]) -> frozenset[int]:
    """The numbers of the lines that the kit has been over: those of its pages, and what may belong to them.

    Lines that leave without a reading what the others annotate again and again do not, and those with characters that
    the kit does not leave or write.

    >>> lines = "開(kāi)發(fā)", "水", "开发过程", "開(kāi)發(fā)", "開發開發開發開發"
    >>> sorted(damaged_lines(list(lines), list(pages(list(lines)))))
    [0, 3]
    """
    hits: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for page in found:
        count += page.evidence.chars
        for (char, _), times in page.evidence.annotated.items():
            hits[char] += times
    rate = min(1.0, hits.total() / max(1, sum(count[char] for char in count.keys() & kit_characters())))
    inside = {number for page in found for number in range(page.first, page.last + 1)}

    def silence(char: str) -> float:
        """The bits in a character without its reading, by how often the others have theirs."""
        if char in _aliens():
            return -ALIEN
        share = (hits[char] + rate / 2) / (max(count[char], hits[char]) + 1)
        return log2(1 - share) if char in kit_characters() else 0.0

    def score(number: int, line: str) -> float:
        evidence = Evidence.of(line)
        if evidence:
            mine = number in inside
            return BROKEN * (evidence.annotated.total() + evidence.broken if mine else -1.0) - ALIEN * evidence.aliens
        return sum(silence(char) * times for char, times in Counter(_WRONG_PAIRS.sub("", line)).items())

    kit, clean = 0.0, 0.0
    back: list[tuple[bool, bool]] = []  # whether the line before was the kit's if this one is, and if it is not
    for number, line in enumerate(lines):
        back.append((kit >= clean - SWITCH, kit - SWITCH > clean))
        kit, clean = max(kit, clean - SWITCH) + score(number, line), max(clean, kit - SWITCH)
    state = kit >= clean
    chosen = set()
    for number in range(len(lines) - 1, -1, -1):
        if state:
            chosen.add(number)
        state = back[number][0 if state else 1]
    return frozenset(chosen)
