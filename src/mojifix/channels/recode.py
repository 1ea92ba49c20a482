"""Codec mix-ups: text written in one charset and read in another, by a program with its own way of losing bytes.

Each row damages as the real program would, and inverts: from what is seen to everything that may have been written. A
row is tried wherever the screen sees the marks of its family; there is nothing else to register. What was read wrongly
twice or three times is peeled row by row (`peel`), each layer's lattice being what the next one has seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from mojifix.charsets import CHARSETS, LOST, NUMBER, POLICIES, Arcs, Form, Graph, Mixed, Policy, Reader, sure
from mojifix.lattice import Lattice, read

#: bits against a common mix-up, once a text
COMMON = 12.0
#: bits of each further layer
LAYER = 8.0
#: layers that are peeled; more than three in one place are not in any of 530 damages of public repositories
MOST_LAYERS = 6
#: marks of UTF-8 that is cut at both ends, at most: bytes that only go on are three
MOST_CUT = 4

# Marks of loss in UTF-8: 锟斤拷 in GBK, and no text in any charset of two bytes.
_MARKS = (LOST * 2).encode()
# What bytes are that were taken for UTF-8.
_MENDED = re.compile("[^\0-\xff\ud800-\udfff]+")
_WHOLE = re.compile(f"[^\ud800-\udfff{LOST}]+")
_ASCII = bytes(range(0x80))


Look = tuple[str, str, int]


@dataclass(frozen=True, eq=False)
class Recode:
    """Written in `charset`, read by `policy`; `bits` is how much rarer it is than undamaged text.

    >>> channel = Recode("utf-8", POLICIES["gbk/cpython"])
    >>> channel.damage("中文")
    '涓\\ufffd鏂\\ufffd'
    >>> "中文" in read(channel.invert("涓\\ufffd鏂\\ufffd"), "utf-8").texts()
    True
    """

    charset: str
    policy: Reader
    bits: float = COMMON

    @property
    def name(self) -> str:
        """As in reports: what it was, and what it was read as."""
        return f"{self.charset} read as {self.policy.name}"

    @cached_property
    def _never(self) -> bytes:
        return CHARSETS[self.charset].never

    @cached_property
    def look(self) -> Look:
        """What a first look at a text asks: charset, codec, if there is one, and what it drops."""
        reader = self.policy.inner if isinstance(self.policy, Form) else self.policy
        return self.charset, reader.codec if type(reader) is Policy else "", reader.drops

    @property
    def saved(self) -> bool:
        """Whether what was written may have been damaged before: text is saved as UTF-8 in between. Of what was dropped
        so much is open already that any layer fits."""
        return self.charset == "utf-8" and self.policy.family in ("hanzi", "latin") and not self.policy.drops

    def damage(self, text: str) -> str:
        """What the program showed; the charset must have the characters."""
        return self.policy.decode(text.encode(CHARSETS[self.charset].codec))

    def exact(self, seen: str) -> str | None:
        """What was written, if there is nothing to choose; None if there is, or if it was never written.

        >>> GROUPS[0][0].exact("娴嬭瘯"), GROUPS[0][0].exact("娴嬭瘯\ufffd"), GROUPS[0][0].exact("测试一下")
        ('测试', None, None)
        """
        try:
            data = self.policy.form(seen)
            return None if data is None else data.decode(CHARSETS[self.charset].codec)
        except UnicodeError:
            return None

    def _broken(self, data: bytes) -> Sequence[tuple[int, int]]:
        """Where bytes may have been dropped; a `UnicodeEncodeError` where in more places than any reader drops."""
        often = self.policy.drops
        found = [*islice(CHARSETS[self.charset].broken(data), len(data) // often + 1)]
        if len(found) * often > len(data):
            raise UnicodeEncodeError(self.name, "", 0, 0, "more is missing than is dropped")
        return found

    def invert(self, seen: str | Arcs) -> Graph | None:
        """The bytes that may have been read where this is seen; None if this program can not have shown it."""
        charset = CHARSETS[self.charset]
        try:
            if isinstance(seen, str):
                graph = Graph.of(self.policy.pattern(seen, self._never, self._broken))
            else:
                graph = self.policy.graph(seen, self._never)
        except UnicodeEncodeError:
            return None
        runs = [*graph.runs]
        if self.charset != "utf-8" and any(_MARKS in run for run in runs):
            return None
        first = isinstance(graph.ways[0][0][0], bytes) if graph.ways[0] else False
        return graph if all(charset.reads(run, first and not i) for i, run in enumerate(runs)) else None


class Glance:
    """A first look at a text, cheaper than `invert`: what was surely read, by each codec.

    >>> [row.name for row in Glance("娴嬭瘯").plausible(GROUPS[0])], [*Glance("中文").plausible(GROUPS[0])]
    (['utf-8 read as cp936/icu', 'utf-8 read as gbk/cpython', 'utf-8 read as cp936/windows'], [])
    """

    def __init__(self, seen: str) -> None:
        self.seen = NUMBER.sub("?", seen)
        self._sure: dict[str, Sequence[bytes] | None] = {}
        self._fits: dict[Look, bool] = {}

    def plausible(self, rows: Iterable[Recode]) -> Iterator[Recode]:
        """The rows for which what they surely have read may be text."""
        fits = self._fits
        for row in rows:
            look = row.look
            if look not in fits:
                fits[look] = self._fit(*look)
            if fits[look]:
                yield row

    def _fit(self, charset: str, codec: str, drops: int) -> bool:
        runs = self.sure(codec)
        if runs is None or not drops:
            return runs is not None and all(CHARSETS[charset].reads(run, not i) for i, run in enumerate(runs))
        broken = sum(run.decode(charset, "replace").count(LOST) for run in runs)
        return broken <= sum(len(run.translate(None, _ASCII)) for run in runs) // drops + MOST_CUT * len(runs)

    def sure(self, codec: str) -> Sequence[bytes] | None:
        """What a codec has surely read, see `mojifix.charsets.sure`; nothing, if that of no codec is."""
        if codec not in self._sure:
            try:
                self._sure[codec] = sure(self.seen, codec) if codec else ()
            except UnicodeEncodeError:
                self._sure[codec] = None
        return self._sure[codec]

    def reads(self, row: Recode) -> tuple[list[list[str]], int]:
        """How each run that a row has surely read may read, for a run of pairs may begin with half of one; and how many
        characters are cut at the ends of the text.

        >>> Glance("娴嬭瘯").reads(GROUPS[0][0]), Glance("嬭瘯").reads(GROUPS[0][0])
        (([['测试']], 0), ([['试']], 1))
        """
        charset = CHARSETS[row.charset]
        shown = _MENDED if isinstance(row.policy, Mixed) else _WHOLE if row.policy.family == "holes" else None
        if shown:
            runs: Sequence[bytes] = [b"", *(run.encode() for run in shown.findall(self.seen)), b""]
        else:
            runs = self.sure(row.look[1]) or ()
        ways = ((0,) if i == 0 or row.charset == "utf-8" else (0, 1) for i in range(len(runs)))
        texts = [[run[at:].decode(charset.codec, "ignore") for at in way] for run, way in zip(runs, ways, strict=True)]
        return texts, charset.cuts(runs)


def peel(
    seen: str | Arcs,
    rows: Iterable[Recode],
    again: Callable[[str], Iterable[Recode]],
    layers: int = MOST_LAYERS,
) -> Iterator[tuple[tuple[Recode, ...], Lattice]]:
    """The rows, one after the other as they undo it, with what they make of it; of those that agree, the first.

    `again` says which rows a text that has been read back may have been through besides; what is open is `LOST`.
    """
    tried = set()
    for row in rows:
        graph = row.invert(seen)
        if graph is None or (key := (row.charset, graph)) in tried:
            continue
        tried.add(key)
        lattice = read(graph, row.charset, sparse=row.policy.family == "holes")
        if not lattice.readable():
            continue
        yield (row,), lattice
        if layers > 1 and row.saved:
            for chain, inner in peel(lattice.seen(), again(lattice.sample()), again, layers - 1):
                yield (row, *chain), inner


def _rows(charsets: str, policies: str, bits: float = 0.0) -> Iterator[Recode]:
    for charset in charsets.split():
        for policy in policies.split():
            yield Recode(charset, POLICIES[policy], COMMON + bits)


def _crosses(policies: str, gbk: float = -2) -> Iterator[Recode]:
    """Read by others of East Asia. Hardly any bytes are UTF-8, but any are hanzi in GBK."""
    yield from _rows("utf-8", policies, 4)
    yield from _rows("gbk", policies, gbk)


#: Bits beyond `COMMON` are such that 45 M characters of source code and documentation stay as they are, but for quoted
#: damage: what explains by characters of which the model knows only the script needs most.
LATIN = (
    *_rows("utf-8", "latin-1 cp1252/whatwg cp1252/cpython cp1252/php"),
    # Of 80 pieces of four characters 78 are worth 4 bits more than they must, too; "11.0·x¹¹" is not.
    *_rows("gbk", "latin-1 cp1252/whatwg cp1252/cpython cp1252/php", 4),
    *_rows("utf-8", "cp1252/spaces", 4),
    *_rows("utf-8", "cp1252/ignore", 8),
    *_rows("big5", "latin-1 cp1252/whatwg", 4),
    *_rows("euc-jp cp932", "latin-1 cp1252/whatwg", 8),
    *_rows("cp949", "latin-1 cp1252/whatwg", 4),
    *_rows("utf-8 gbk", "cp1250/whatwg", 8),
    *_rows("utf-8", "cp1252/hyphens cp1250/hyphens", 8),
    *_rows("utf-8 gbk", "cp1251/whatwg cp1253/whatwg iso8859-7/whatwg iso8859-2", 4),
    *_rows("utf-8 gbk", "cp437 cp850 cp866 koi8-r mac-roman", 4),
    *_rows("utf-8", "latin-1/cleaned", 8),
)
#: double-byte charsets of East Asia in each other; of clean lines of rare hanzi the best gains 14 bits so
CROSSED = (
    *_crosses("cp950/java cp950/cpython"),
    # half-width kana are two a hanzi; random ones gain 20 bits and more
    *_crosses("cp932/java cp932/cpython shift_jis/whatwg", 8),
    *_crosses("cp932/windows cp932/windows-fffd cp932/windows-question shift_jis/swallow", 8),
    *_crosses("cp949/cpython euc-kr/whatwg cp949/windows"),
    *_rows("gbk", "euc-jp/cpython"),
    *_rows("big5", "cp936/icu gbk/cpython cp936/windows", -2),
    *_rows("cp932 euc-jp cp949", "cp936/icu gbk/cpython cp936/windows", 4),
)
#: readers that leave no mark of what they lost, and such that took some bytes for UTF-8: they take time
UNMARKED = (*_rows("utf-8", "gbk/cpython-ignore gbk/glibc cp936/cleaned", 8),)
MIXED = (*_rows("gbk", "latin-1/mixed cp1252/mixed", 8),)
#: Tried group by group, until one of a group explains what is seen. The commonest first. What a program that swallows
#: puts into its holes is freer, so that it explains too much too easily: the rarer ones must be worth their bits.
GROUPS = (
    (*_rows("utf-8", "cp936/icu gbk/cpython cp936/windows"),),
    (
        *_rows("utf-8", "gb18030/cpython gbk/whatwg", 2),
        *_rows("utf-8", "gbk/java gbk/go", 4),
        *_rows("utf-8", "cp936/windows-fffd", 6),
        *_rows("utf-8", "gbk/whatwg/form", 4),
    ),
    UNMARKED,
    CROSSED,
    LATIN,
    MIXED,
    (
        *_rows("utf-8", "mended/cp936/windows mended/cp936/icu mended/cp1252/cpython utf-8/cut", -20),
        *_rows("utf-8", "mended/gbk/cpython mended/gbk/java", -12),
        *_rows("utf-8", "mended/gbk/whatwg mended/gb18030/cpython", -12),
    ),
    (*_rows("gbk", "utf-8/whatwg", 4), *_rows("big5 euc-jp cp932", "utf-8/whatwg", 12)),
)
RECODES = tuple(row for rows in GROUPS for row in rows)
