"""What a stump may have been: whole characters of UTF-8, of each of which a program that reads pairs has lost bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mojifix.charsets.pattern import ANY, LOST
from mojifix.charsets.policy import Policy
from mojifix.charsets.reader import END
from mojifix.charsets.tables import cells

#: signs of one stump that are looked into: three characters, at most 0.08 s. A program that loses pairs of high bytes,
#: as Go does, is no inner reader: nine signs took minutes, and 10 % of the sentences came back
MOST_SIGNS = 9

Sign = str | bytes
"""What is seen of a stump: U+FFFD; `MARK`; or a character of which the last byte is not its own, less that byte."""
MARK = "?"
Signs = tuple[Sign, ...]
Way = tuple[bytes, ...]
"""The byte sets of some characters."""

_ASCII = ANY[:0x80]
_MORE = ANY[0x80:0xC0]
_LEADS = ((ANY[0xC2:0xE0], 1), (ANY[0xE0:0xF0], 2), (ANY[0xF0:0xF5], 3))


def both(left: bytes, right: bytes) -> bytes:
    """The values that are in two sets."""
    return left.translate(None, ANY.translate(None, right))


def rare(way: Way) -> int:
    """How many of the characters have two bytes or four."""
    return sum(0xC2 <= first < 0xE0 or first >= 0xF0 for first, *_ in way)


@dataclass(frozen=True)
class Pairs:
    """How a program pairs bytes, and which ones it loses."""

    inner: Policy

    @cached_property
    def trails(self) -> dict[int, bytes]:
        """The trails of each lead."""
        found: dict[int, list[int]] = {}
        for lead, *trail in sorted(self._cells):
            if trail:
                found.setdefault(lead, []).append(trail[0])
        return {lead: bytes(several) for lead, several in found.items()}

    @cached_property
    def leads(self) -> list[bytes]:
        """The leads of each trail."""
        return [bytes(lead for lead, several in self.trails.items() if trail in several) for trail in ANY]

    @cached_property
    def singles(self) -> bytes:
        return _ASCII + bytes(sorted(cell[0] for cell in self._cells if len(cell) == 1))

    @cached_property
    def _cells(self) -> set[bytes]:
        return {*cells(self.inner.codec), *self.inner._extra}

    @cached_property
    def together(self) -> list[tuple[bytes, bytes]]:
        """Bytes that are lost together."""
        return self.inner._lost[1]

    def alone(self, behind: int) -> bytes:
        """Bytes that are lost before another one, or `END`."""
        return bytes(self.inner._lost[0][behind])

    @cached_property
    def before(self) -> list[tuple[bytes, bytes]]:
        """Bytes that are lost, and what they are lost before."""
        groups: dict[bytes, list[int]] = {}
        for lead in ANY[0x80:]:
            if behind := bytes(byte for byte in ANY if lead in self.inner._lost[0][byte]):
                groups.setdefault(behind, []).append(lead)
        return [(bytes(leads), behind) for behind, leads in groups.items()]

    @cached_property
    def written(self) -> bytes:
        """What is written for what was lost."""
        return self.inner.encode(self.inner.mark)

    @cached_property
    def wide(self) -> bool:
        """It is 84 31 A4 37, and 84 belongs to the character of UTF-8 before it."""
        return not self.written.isascii()

    def rest(self, data: bytes) -> bytes | None:
        """The lead that is left over, if any, when known bytes are read; None if some are lost."""
        back = self.inner.encode(self.inner.decode(data))
        if back == data:
            return b""
        return data[-1:] if back == data[:-1] + self.written and data[-1] in self.trails else None

    @lru_cache(1 << 12)  # noqa: B019
    def ways(self, signs: Signs, start: bytes, skip: bool, then: int) -> frozenset[Way]:
        """All that leaves these signs behind a lead that waits (`start`) and before the byte `then`, which is a trail
        if `skip`."""
        if len(signs) > MOST_SIGNS:
            return frozenset()
        walk = _Walk(self, signs, skip, then)
        found = {*walk.on(0, 0, "", b"", False, bool(start), self.trails.get(start[0], b"") if start else ANY)}
        most = min(map(rare, found), default=0) + 1
        return frozenset(way for way in found if rare(way) <= most)


@dataclass(frozen=True)
class _Walk:
    """The walk through a stump, byte by byte."""

    pairs: Pairs
    signs: Signs
    skip: bool
    then: int

    def on(
        self, at: int, need: int, shown: str, known: bytes, gone: bool, waiting: bool, allowed: bytes
    ) -> Iterator[Way]:
        """What is read behind `at` signs. Of the character, `need` bytes are to come, of which some are `known`; what
        is left of it is `shown` as U+FFFD or as another character; a byte of it is `gone`. A lead is `waiting` for its
        trail; and the next byte is one of those `allowed`."""
        if at == len(self.signs) and not need:
            if waiting == self.skip and (self.then == END or self.then in allowed):
                yield ()
            return
        sign = self.signs[at] if at < len(self.signs) else ""
        if not need and isinstance(sign, bytes):
            known = sign
        for byte, more, rest in self._next(need, known, allowed):
            yield from self._kept(at, need, shown, rest, gone, waiting, byte, more)
            if not waiting and not known:
                yield from self._lost(at, need, shown, byte, more)
        if not waiting and not need and sign == MARK and self.pairs.written == b"?" and 0x3F in allowed:  # itself
            yield from ((b"?", *tail) for tail in self.on(at + 1, 0, "", b"", False, False, ANY))

    @staticmethod
    def _next(need: int, known: bytes, allowed: bytes, eaten: bool = False) -> Iterator[tuple[bytes, int, bytes]]:
        """What the next byte may be, how many follow it in its character, and those known of them."""
        if known:
            options = [(known[:1], need - 1 if need else len(known))]
        elif need:
            options = [(_MORE, need - 1)]
        else:
            options = [*_LEADS, (_ASCII, 0)] if eaten else [*_LEADS]
        for values, more in options:
            if found := both(values, allowed):
                yield found, more, known[1:]

    def _kept(
        self, at: int, need: int, shown: str, rest: bytes, gone: bool, waiting: bool, byte: bytes, more: int
    ) -> Iterator[Way]:
        sign = self.signs[at] if at < len(self.signs) else ""
        if not need and isinstance(sign, bytes):
            at, shown = at + 1, "char"
        elif not need or not shown:
            if sign != LOST:
                return
            at, shown = at + 1, "" if need else "mark"
        elif shown == "char" and len(rest) != more - 1:
            return
        if not more and not gone:
            return  # it would be whole
        final = at == len(self.signs) and not more
        for own, held in self._roles(byte, waiting, final):
            allowed = self.pairs.trails[own[0]] if held and len(own) == 1 else ANY
            for tail in self.on(at, more, shown, rest, gone, held, allowed):
                yield (own, *tail)

    def _roles(self, byte: bytes, waiting: bool, final: bool) -> Iterator[tuple[bytes, bool]]:
        """As what a byte is kept, and whether it waits then: as a trail, alone, as a lead."""
        if waiting:
            yield byte, False
            return
        if own := both(byte, self.pairs.singles):
            yield own, False
        if final:
            own = both(byte, self.pairs.leads[self.then]) if self.skip else b""
        else:
            own = both(byte, bytes(self.pairs.trails))
        if own:
            yield own, True

    def _lost(self, at: int, need: int, shown: str, byte: bytes, more: int) -> Iterator[Way]:
        pairs = self.pairs
        seen: Signs = (LOST, MARK) if pairs.wide and not shown else (MARK,)
        if self.signs[at : at + len(seen)] != seen or (shown and pairs.wide and (more == 0) != (shown == "char")):
            return
        at += len(seen)
        final = at == len(self.signs) and not more
        for lost, behind in [(pairs.alone(self.then), ANY)] if final else pairs.before:
            if own := both(byte, lost):
                for tail in self.on(at, more, "", b"", more > 0, False, behind):
                    yield (own, *tail)
        for lost, behind in pairs.together:
            if own := both(byte, lost):
                for second, rest, _ in self._next(more, b"", behind, eaten=True):
                    for tail in self.on(at, rest, "", b"", rest > 0, False, ANY):
                        yield (own, second, *tail)
        if final and self.then == END and not self.skip:
            for length in range(2, len(pairs.inner.tail) + 1):
                sets = both(byte, pairs.inner.tail[0]), *(both(one, _ASCII) for one in pairs.inner.tail[1:length])
                if all(sets):
                    yield sets
