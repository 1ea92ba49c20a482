"""What text was written in: how a charset groups bytes into characters."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product

from mojifix.charsets.pattern import ANY
from mojifix.charsets.tables import BIG5_TRAILS, LEADS

#: bytes decoded at a time: a bad byte costs no more than this to step over
CHUNK = 1 << 12


@dataclass(frozen=True, eq=False)
class Charset:
    """How a charset groups bytes: a codec, the bytes a character goes on with, and by the byte that it begins with
    the number of its bytes (0: none begins so)."""

    codec: str
    trails: bytes
    lengths: tuple[int, ...]

    @property
    def never(self) -> bytes:
        """The bytes that do not occur in it at all."""
        return bytes(value for value in range(256) if not self.lengths[value] and value not in self.trails)

    @cached_property
    def strays(self) -> bytes:
        """The bytes that begin no character."""
        return bytes(value for value in range(256) if not self.lengths[value])

    @cached_property
    def no_trails(self) -> bytes:
        """The bytes with which no character goes on."""
        return ANY.translate(None, self.trails)

    def leads(self, values: bytes) -> Sequence[tuple[int, bytes]]:
        """Those of some bytes that begin characters, by the number of bytes.

        >>> CHARSETS["utf-8"].leads(b"a\\x80\\xe4b")
        ((1, b'ab'), (3, b'\\xe4'))
        """
        return _leads(self, values)

    @property
    def tails(self) -> Iterator[tuple[int, tuple[bytes, ...]]]:
        """Lengths of characters and what may be missing of them, where a byte that goes on tells that it does."""
        leads = [bytes(value for value in range(0x80, 256) if self.lengths[value] == length) for length in range(1, 5)]
        if not any(lead in self.trails for lead in b"".join(leads)):
            for length, first in enumerate(leads, 1):
                yield from ((length, (first, *[self.trails] * more)) for more in range(length - 1) if first)

    def known(self, data: bytes, at: int) -> tuple[str, int]:
        """The characters that begin at a place in known bytes, as far as they are whole (or a chunk), and their end."""
        chunk = data[at : at + CHUNK]
        try:
            return chunk.decode(self.codec), at + len(chunk)
        except UnicodeDecodeError as error:
            return chunk[: error.start].decode(self.codec), at + error.start

    def reads(self, data: bytes, first: bool) -> bool:
        """Whether known bytes are text but for characters that are cut at their ends; `first` if none is at the first.

        >>> CHARSETS["utf-8"].reads("文中".encode()[1:-1], False), CHARSETS["utf-8"].reads("文中".encode("gbk"), False)
        (True, False)
        """
        begun = len(data[:3]) - len(data[:3].lstrip(self.trails))
        skips = {0, begun} if self.lengths[self.trails[0]] == 0 else {0} if first else {0, 1}
        return any(_whole(self.codec, data[skip:]) for skip in skips)

    def cuts(self, runs: Sequence[bytes]) -> int:
        """How many characters are cut at the ends of known runs that are text otherwise.

        >>> [CHARSETS["utf-8"].cuts(["文中".encode()[cut]]) for cut in (slice(6), slice(1, 6), slice(2, 5))]
        [0, 1, 2]
        """
        if not runs:
            return 0
        first, last = runs[0], runs[-1]
        if self.lengths[self.trails[0]] == 0:
            begun, last = len(first.lstrip(self.trails)) < len(first), last.lstrip(self.trails)
        else:
            begun, last = False, last if len(runs) == 1 else b""  # where pairs begin in the others nobody knows
        return begun + (len(last.decode(self.codec, "ignore").encode(self.codec, "ignore")) < len(last))

    def broken(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where known bytes are no characters, and from which place to which the missing ones may have stood: inside a
        character that is not whole, or before bytes that only go on. The last byte of a character may be missing
        together with the first of the next: then the first of the other two passes for it.

        >>> lost = "个天，".encode().replace("个天".encode()[2:4], b"")  # of E4 B8 AA E5 A4 A9, E4 B8 A4 A9 is left
        >>> [*CHARSETS["utf-8"].broken(lost)], [*CHARSETS["utf-8"].broken("天".encode()[:2] + b".")]
        ([(2, 3)], [(1, 2)])
        """
        at = 0
        while at < len(data):
            _, end = self.known(data, at)
            if end == at:
                length = self.lengths[data[at]]
                more = data[at + 1 : at + length]
                end += 1 + len(more) - len(more.lstrip(self.trails))
                yield (at + 1, end) if length else (max(at - 1, 0), at)
            at = end

    def characters(self, sets: tuple[bytes, ...]) -> str:
        """Every character whose bytes are in the sets: all spellings are tried, so keep their number low.

        >>> CHARSETS["utf-8"].characters((b"\\xe6", b"\\x98", b"\\x80\\xaf\\xff"))
        '昀是'
        """
        return _characters(self.codec, sets)


def _whole(codec: str, data: bytes) -> bool:
    """Whether bytes are text, but for a character that is cut at the end."""
    try:
        if codec == "utf-8":
            codecs.utf_8_decode(data)
        else:
            _incremental(codec)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


_incremental = lru_cache(codecs.getincrementaldecoder)


@lru_cache(1 << 12)
def _leads(charset: Charset, values: bytes) -> Sequence[tuple[int, bytes]]:
    ways = ((length, bytes(value for value in values if charset.lengths[value] == length)) for length in (1, 2, 3, 4))
    return tuple((length, leads) for length, leads in ways if leads)


@lru_cache(1 << 14)
def _characters(codec: str, sets: tuple[bytes, ...]) -> str:
    if codec == "utf-8" and len(sets) > 1:  # by arithmetic: holes of half-mended text have 60,000 spellings
        codes = [lead & 0x7F >> len(sets) for lead in sets[0]]
        for values in sets[1:]:
            codes = [code << 6 | value & 0x3F for code in codes for value in values if value & 0xC0 == 0x80]
        least = (0, 0, 0x80, 0x800, 0x10000)[len(sets)]
        return "".join([chr(code) for code in codes if least <= code < 0x110000 and not 0xD800 <= code < 0xE000])
    spelled = ((bytes(spelling), bytes(spelling).decode(codec, "ignore")) for spelling in product(*sets))
    return "".join(dict.fromkeys(char for data, char in spelled if len(char) == 1 and char.encode(codec) == data))


def _utf8_length(lead: int) -> int:
    begins = ((0xF5, 0), (0xF0, 4), (0xE0, 3), (0xC2, 2), (0x80, 0), (0x00, 1))
    return next(length for first, length in begins if lead >= first)


def _pairs(codec: str, leads: bytes, singles: bytes = b"", trails: bytes = ANY[0x40:0xFF]) -> Charset:
    """A charset of ASCII, other single bytes, and pairs."""
    return Charset(codec, trails, tuple(1 if v < 0x80 or v in singles else 2 * (v in leads) for v in range(256)))


_HIGH = ANY[0xA1:0xFF]
_EUC_JP = _pairs("euc_jp", b"\x8e\x8f" + _HIGH, trails=_HIGH)

CHARSETS = {
    "utf-8": Charset("utf-8", ANY[0x80:0xC0], tuple(map(_utf8_length, range(256)))),
    "gbk": _pairs("gbk", LEADS),
    # Of the characters of unseen traditional text (Cantonese among it) cp950 lacks 3.8 %, big5hkscs 0.2 %.
    "big5": _pairs("big5hkscs", ANY[0x87:0xFF], trails=BIG5_TRAILS),
    "cp932": _pairs("cp932", ANY[0x81:0xA0] + ANY[0xE0:0xFD], ANY[0xA1:0xE0], ANY[0x40:0xFD]),
    "cp949": _pairs("cp949", LEADS, trails=ANY[0x41:0x5B] + ANY[0x61:0x7B] + ANY[0x81:0xFF]),
    "euc-jp": replace(_EUC_JP, lengths=(*_EUC_JP.lengths[:0x8F], 3, *_EUC_JP.lengths[0x90:])),
}
