r"""Readers of text that was turned back by a program that lost bytes: good text with stumps.

UTF-8 was read as GBK or cp1252, written back by the same program, and read as UTF-8. All is as it was but for what the
first reader lost: there its encoder has written "?" or another mark, and the rest of the character is U+FFFD.

A stump says more than it shows. It was whole characters, of each of which some bytes are left, and the number of U+FFFD
says which. The program lost only bytes that begin a pair and have no second; and where pairs begin is known from the
characters on both sides, of which nothing was lost.

>>> from mojifix.charsets import POLICIES
>>> mended = POLICIES["mended/gbk/cpython"]
>>> mended.decode("中文是".encode()), POLICIES["mended/gb18030/cpython"].decode("编码。".encode())
('�?文是', '编码〄1�7')
"""

from __future__ import annotations

import re
from functools import cached_property
from math import log2, prod

from mojifix.charsets.pattern import LOST, Hole, Pattern, hole, sets_of
from mojifix.charsets.policy import Policy
from mojifix.charsets.reader import END, After, Reader
from mojifix.charsets.stumps import MARK, Pairs, Signs, Way, rare

#: alternatives of a stump that are kept apart: single lost bytes leave up to 12, pairs hundreds
MOST_WAYS = 12
#: bits against a text that begins in the middle of a pair, as only an excerpt does: with 4 bits 3 of 60 sentences less
BROKEN = 12.0


class Mended(Reader):
    """UTF-8 that was read by another reader, written back by the same program, and read as UTF-8 again."""

    family = "stumps"

    def __init__(self, inner: Policy) -> None:
        self.inner = inner
        self.name = f"mended/{inner.name}"
        self._pairs = Pairs(inner)

    @property
    def counts(self) -> bool:
        """A "?" may be of one that was lost, or stand for itself, or for what was swallowed besides."""
        return self._mark != "?" or self.inner.family != "hanzi"

    def decode(self, data: bytes) -> str:
        return self.inner.encode(self.inner.decode(data)).decode("utf-8", "replace")

    def encode(self, text: str) -> bytes:
        return text.encode("utf-8", "replace")

    def form(self, text: str) -> bytes | None:
        return None if LOST in text or self._mark in text or self._changed else text.encode()

    @cached_property
    def _mark(self) -> str:
        """What is seen where a byte was lost, behind a beginning of a character."""
        written = self._pairs.written
        return written[1:].decode("utf-8", "replace") if self._pairs.wide else written.decode()

    @cached_property
    def _stumps(self) -> re.Pattern[str]:
        """Splits text into known runs (even places) and stumps."""
        mark = re.escape(self._mark)
        if self._pairs.wide:
            others = "".join(chr(code) for code in range(0x84, 0x10000, 0x40) if not 0xD800 <= code < 0xE000)
            return re.compile(f"((?:{LOST}(?:{mark})?|[{others}]{mark})+)")
        return re.compile(f"((?:{mark})*{LOST}(?:{mark}|{LOST})*)")

    def _signs(self, stump: str) -> Signs:
        parts = filter(None, re.split(f"({re.escape(self._mark)}|{LOST})", stump))
        return tuple(MARK if part == self._mark else part if part == LOST else part.encode()[:-1] for part in parts)

    @cached_property
    def _changed(self) -> dict[bytes, Hole]:
        """What else the first reader may have read where it has written this: characters with several byte forms."""
        inner = self.inner
        forms = ((inner.encode(char), several) for char, several in inner._forms.items() if len(several) > 1)
        return {own: tuple(map(sets_of, several)) for own, several in forms if len(own) > 1}

    def back(self, text: str, after: After, never: bytes, inside: bool = False) -> tuple[Pattern, After]:
        parts = self._stumps.split(text)
        runs = [part.encode() for part in parts[::2]]
        found = self._known(runs[0])
        for i, one in enumerate(self._holes(runs, [self._signs(part) for part in parts[1::2]])):
            found += [one or parts[2 * i + 1].encode(), *self._known(runs[i + 1])]
        first = found[0] if found else ()
        values = first[:1] if isinstance(first, bytes) else b"".join([sets[0] for sets in first])
        return found[::-1], frozenset(values) or after

    def _holes(self, runs: list[bytes], stumps: list[Signs]) -> list[Hole]:
        """What each stump may have been; nothing, if it is none of this program.

        A text begins with a pair, unless the stumps are more usual characters if it begins in the middle of one.
        """
        ends = [self._ends(run) for run in runs]
        if not all(ends):
            raise UnicodeEncodeError(self.name, "", 0, 1, "bytes would have been lost")
        found = [(skip, self._ways([{skip: ends[0][skip]}, *ends[1:]], runs, stumps)) for skip in ends[0]]
        worth = [sum(map(_usual, ways)) - BROKEN * skip for skip, ways in found]
        chosen = [ways for (skip, ways), bits in zip(found, worth, strict=True) if bits == max(worth) or not skip]
        best = [set().union(*several) for several in zip(*chosen, strict=True)]
        return [hole(ways, MOST_WAYS) if ways else () for ways in best]

    def _ways(self, ends: list[dict[bool, bytes]], runs: list[bytes], stumps: list[Signs]) -> list[set[Way]]:
        """Forward: where it may have come to in its pairs behind each run; backward: from where it can go on."""
        starts = {*ends[0].values()}
        found: list[dict[tuple[bytes, bool], frozenset[Way]]] = []
        for signs, run, end in zip(stumps, runs[1:], ends[1:], strict=True):
            first = run[0] if run else END
            keys = ((start, skip) for start in starts for skip in end)
            found.append({key: ways for key in keys if (ways := self._pairs.ways(signs, *key, first))})
            starts = {end[skip] for _, skip in found[-1]} or {*end.values()}
        best: list[set[Way]] = []
        wanted = {False, True}
        for several, end in zip(reversed(found), reversed(ends[: len(found)]), strict=True):
            left = {key: ways for key, ways in several.items() if key[1] in wanted} or several
            best.append({way for ways in left.values() for way in ways})
            wanted = {skip for skip in end if any(end[skip] == start for start, _ in left)} or {False, True}
        return best[::-1]

    def _ends(self, run: bytes) -> dict[bool, bytes]:
        """The ways to read a run in which nothing is lost: whether its first byte is the second of a pair, and the lead
        that then waits at its end."""
        if not run:
            return {False: b""}
        ways = ((skip, self._pairs.rest(run[skip:])) for skip in (False, True))
        return {skip: rest for skip, rest in ways if rest is not None}

    def _known(self, data: bytes) -> Pattern:
        if not self._changed:
            return [data] if data else []
        either = re.compile(b"(" + b"|".join(map(re.escape, self._changed)) + b")", re.DOTALL)
        parts = enumerate(either.split(data))
        return [self._changed[part] if i % 2 else part for i, part in parts if part]


def _usual(ways: set[Way]) -> float:
    """How many characters of three bytes a stump may be, in bits."""
    return log2(1 + sum(prod(map(len, way)) for way in ways if not rare(way)))
