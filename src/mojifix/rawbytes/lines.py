"""Which encoding each line of a file is in, and each cell of a line in which several are.

Every line has a cost in every encoding; that the next line is in another one costs bits too. The cheapest way through
the lines decides all of them at once (Viterbi), so that a line which fits two encodings has that of its neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import NamedTuple

from mojifix.rawbytes import shift
from mojifix.rawbytes.candidates import BIG5, CP1252, GB18030, LONG, RAW, UTF8, Encoding, shown
from mojifix.rawbytes.glance import suspicious, uncommon, usual
from mojifix.rawbytes.languages import ABC, JA, KO
from mojifix.rawbytes.votes import vote
from mojifix.reading import strict

#: bits that the next line is in another encoding, and the next cell of a line that none explains. Of 11,000 lines of
#: files in one to three encodings (the corpus, 2 to 30 characters a line) 99.6 % come out right with 4, 8, 10 and 14
#: bits, 99.5 with 18. Of lines with a cell in Big5 and one in UTF-8 (3 to 12 characters) 90 % with 22 bits, 95 with
#: 14, 96 with 10, 97 with 6, of GBK and UTF-8 83, 83, 84 and 84; a hole in GBK stays in its line with all of them
LINE, CELL = 10.0, 6.0
#: the same where most is no text: of random bytes, lines up to 30 bytes long look like text of some language, for which
#: they cost up to 2.5 bits a byte less; a line of GBK in step costs 4 bits a byte less from 10 hanzi on
NOISE = 60.0
#: lines that say which encodings a file may have, and bytes of each
SAMPLE, SHOWN = 48, 400
#: encodings of a file
MOST = 8
#: the least share of the sample that an encoding must explain best; what explains less often does so by chance. Of
#: unseen lines between ones of other encodings 99.7 to 99.9 % come out right with 0 to 2 %, 99.5 with 5, 99.1 with 10
SELDOM = 0.02
#: bits against another encoding than the one in which a line is plain at a glance; with 30 and 120 the same lines of
#: twelve kinds of mixed files come out
PLAIN = 60.0
#: bytes beyond ASCII from which on chardet alone says which single-byte encoding it is, cp1252 apart: letter by letter
#: those of two alphabets differ by half a bit, which in many lines is more than any vote
VOTED = 40
#: lines up to which all of them are weighed, plain or not; of unseen lines the same come out with 256
FEW = 64
#: in a line that is plain at a glance, the least share of its characters beyond ASCII that are usual, and the least
#: number of those
SHARE, ENOUGH = 0.3, 6
#: eight characters of UTF-8: of as many hanzi in GBK one in four million is UTF-8 by chance
_EIGHT = re.compile(rb"(?:[\xc2-\xf4][\x80-\xbf]+[\x00-\x7f]*){8}")
_TWO = re.compile(rb"[\xc0-\xff].*[\xc0-\xff]", re.DOTALL)
#: what lines in other encodings are plain by
_LOOKS = dict.fromkeys(("cp932", "euc_jp"), "[ぁ-ん]") | dict.fromkeys(("cp1251", "koi8-r", "cp866"), "[а-я]")
_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND = re.compile("[^\x00-\x7f\u3000-\u303f\uff00-\uffef]")
#: what a cell ends with: no encoding has these as the second byte of a character
_CELLS = re.compile(rb"[^\x00-\x2f:-?]*[\x00-\x2f:-?]*")
_PIECES = re.compile(rb"(?s).{%d}[^\x00-\x2f:-?]*[\x00-\x2f:-?]|.+" % LONG)
#: characters of UTF-8 between ASCII in a line that is not UTF-8
_ISLAND = re.compile(
    rb"(?:^|(?<=[\x00-\x7f]))(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbd][\x80-\xbf]){2,}(?=[\x00-\x7f]|$)"
)

Span = tuple[int, int, Encoding]


class Stretch(NamedTuple):
    """A line or a cell, or lines in a row, and the encoding in which they are plain at a glance."""

    data: bytes
    plain: Encoding | None = None

    def cost(self, row: Encoding) -> float:
        """Its bits."""
        return PLAIN * (row is not self.plain) if self.plain else _cost(self.data, row)


class Evidence:
    """What is known of the encodings of a file: the more of it was seen, the better.

    >>> evidence = Evidence()
    >>> evidence.see("今天天气很好\\n".encode("gbk"))
    >>> [row.name for _, _, row in evidence.spans("什么\\n联通\\n今天\\n".encode("gbk"))]
    ['gb18030']
    """

    def __init__(self) -> None:
        self._rows: dict[Encoding, float] = {}
        self._best: Counter[Encoding] = Counter()

    def see(self, data: bytes) -> None:
        """Weigh a sample of the lines in every encoding."""
        lines = [shown(line, SHOWN) for line in data.split(b"\n") if _HIGH.search(line) and not _surely_utf8(line)]
        sample = lines[:: max(1, len(lines) // SAMPLE)][:SAMPLE]
        if sample:
            found = vote(b"\n".join(sample))
            if sum(len(_HIGH.findall(line)) for line in sample) >= VOTED:
                west = [row for row in found if row.languages == ABC]
                elected = min(found[row] for row in west)
                lost = [row for row in west if found[row] > elected and row is not CP1252]
                found = {row: bits for row, bits in found.items() if row not in lost}
            rows = {UTF8: 0.0, RAW: 0.0, **found}
            costs = [{row: _cost(line, row) for row in rows} for line in sample]
            total = {row: row.bits + bits + sum(cost[row] for cost in costs) for row, bits in rows.items()}
            for cost in costs:
                self._best[min(rows, key=lambda row: cost[row] + row.bits + rows[row])] += 1
            self._best[min(total, key=total.__getitem__)] += len(sample)
            for row, bits in rows.items():
                self._rows[row] = min(bits, self._rows.get(row, bits))

    @property
    def rows(self) -> dict[Encoding, float]:
        """The encodings worth a look, with the bits against each before anything is read."""
        always = [UTF8, GB18030, BIG5, RAW]
        often = [row for row, times in self._best.most_common() if times >= SELDOM * self._best.total()]
        if self.main.languages in (JA, KO):  # line by line they cannot be told well enough from Chinese
            always, often = [UTF8, RAW], [self.main]
        names = [*dict.fromkeys([*always, *often])][:MOST]
        return {row: row.bits + self._rows.get(row, 0.0) for row in names}

    @property
    def main(self) -> Encoding:
        """The encoding of most."""
        return self._best.most_common(1)[0][0] if self._best else UTF8

    def spans(self, data: bytes, before: Encoding | None = None) -> list[Span]:
        """All of `data`, in stretches of one encoding; `before` is that of what came before."""
        rows = self.rows
        switch = self._switch(LINE)
        if before or self.main is RAW:
            entry = {row: switch + row.bits if row is not (before or RAW) else 0.0 for row in rows}
        else:
            entry = rows
        lines = [piece for line in BytesIO(data) for piece in _pieces(line)]
        stretches = [*_stretches(lines, self.main)] if len(lines) > FEW else [Stretch(line) for line in lines]
        found: list[Span] = []
        start = 0
        for stretch, row in zip(stretches, cheapest(stretches, entry, switch), strict=True):
            for first, last, inner in self._cells(stretch, row, rows):
                if found and found[-1][2] is inner:
                    found[-1] = found[-1][0], start + last, inner
                else:
                    found.append((start + first, start + last, inner))
            start += len(stretch.data)
        return found

    def _switch(self, bits: float) -> float:
        return NOISE if self.main is RAW else bits

    def _cells(self, stretch: Stretch, row: Encoding, rows: Mapping[Encoding, float]) -> list[Span]:
        """The stretch, or its cells where one encoding does not explain it."""
        line = stretch.data
        known = row is stretch.plain or not _HIGH.search(line) or row.explains(line)
        if known and (row is UTF8 or not _ISLAND.search(line)):
            return [(0, len(line), row)]
        cells = [found[0] for found in _CELLS.finditer(line) if found[0]]
        high = [Stretch(cell) for cell in cells if _HIGH.search(cell)]
        switch = self._switch(CELL)
        entry = {other: 0.0 if other is row else switch + other.bits for other in rows}
        ways = [*cheapest(high, entry, switch)]
        apart = sum(cell.cost(inner) + switch * (inner is not row) for cell, inner in zip(high, ways, strict=True))
        if apart >= _cost(line, row):  # a byte that is missing shifts the line as a whole
            return [(0, len(line), row)]
        chosen = iter(ways)
        spans: list[Span] = []
        at = 0
        for cell in cells:
            inner = next(chosen) if _HIGH.search(cell) else spans[-1][2] if spans else row
            spans.append((at, at := at + len(cell), inner))
        return spans


def _pieces(line: bytes) -> list[bytes]:
    """A line; one that is long, in stretches of whole cells, so that a hole in one of them concerns no other."""
    return _PIECES.findall(line) if len(line) > LONG else [line]


def _surely_utf8(line: bytes) -> bool:
    return _EIGHT.search(line) is not None and UTF8.explains(line)


def _cost(line: bytes, row: Encoding) -> float:
    """The bits of a line; where it is out of step, with those of the bytes that are missing."""
    bits = row.cost(line)
    if shift.known(row.name) and suspicious(line[:LONG], row.name):
        return min(bits, shift.bits(line[:LONG], row.name))
    return bits


def _stretches(lines: Iterable[bytes], main: Encoding) -> Iterator[Stretch]:
    """Lines, those that follow on one another and are plain at a glance as one."""
    for plain, group in groupby(_glanced(lines, main), lambda found: found[1]):
        some = (line for line, _ in group)
        if plain:
            yield Stretch(b"".join(some), plain)
        else:
            yield from map(Stretch, some)


def _glanced(lines: Iterable[bytes], main: Encoding) -> Iterator[tuple[bytes, Encoding | None]]:
    """Each line with the encoding in which it is plain; ASCII is as the line before."""
    looks = usual() if main in (GB18030, BIG5) else _looks(main.name)
    last: Encoding | None = None
    for line in lines:
        if not line.isascii():
            last = _plain(line, main, looks)
        yield line, last


def _plain(line: bytes, main: Encoding, looks: re.Pattern[str] | None) -> Encoding | None:
    text = strict(line, "utf-8")
    if text is not None:
        # One character is never worth the bits of another encoding, there and back.
        surely = _EIGHT.search(line) or (main is UTF8 and (not _TWO.search(line) or not uncommon().search(text)))
        return UTF8 if surely else None
    if _surely_utf8(line):  # with stumps
        return UTF8
    if not looks or (text := strict(line, main.name)) is None:
        return None
    if looks is usual() and not uncommon().search(text):
        return main
    high = len(_BEYOND.findall(text))
    return main if high >= ENOUGH and len(looks.findall(text)) >= SHARE * high else None


@cache
def _looks(name: str) -> re.Pattern[str] | None:
    return re.compile(_LOOKS[name]) if name in _LOOKS else None


def cheapest(lines: Iterable[Stretch], entry: Mapping[Encoding, float], switch: float) -> Iterable[Encoding]:
    """The cheapest way through some lines: the encoding of each. ASCII says nothing, and has that of its neighbour."""
    bits, begun = dict(entry), False
    back: list[dict[Encoding, Encoding]] = []
    for line in lines:
        come: dict[Encoding, Encoding] = {}
        if not line.data.isascii():
            if begun:
                best = min(bits, key=bits.__getitem__)
                least = bits[best] + switch
                come = {row: best for row, now in bits.items() if least + row.bits < now}
                bits |= {row: least + row.bits for row in come}
            bits = {row: now + line.cost(row) for row, now in bits.items()}
            begun = True
        back.append(come)
    row = min(bits, key=bits.__getitem__)
    found = []
    for come in reversed(back):
        found.append(row)
        row = come.get(row, row)
    return reversed(found)
