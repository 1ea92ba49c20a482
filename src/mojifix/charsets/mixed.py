"""Bytes read one by one, except those that looked like UTF-8.

ftfy, and programs that extract text from PDF, look for UTF-8 in text that was read as Latin-1 or cp1252, and mend it
piece by piece. Where the bytes were GBK they find some by chance: 前言 is C7 B0 D1 D4, and C7 B0 is "ǰ" in UTF-8.

>>> from mojifix.charsets import POLICIES, covers
>>> POLICIES["cp1252/mixed"].decode("前言".encode("gbk"))
'ǰÑÔ'
>>> covers(POLICIES["cp1252/mixed"].pattern("ǰÑÔ"), "前言".encode("gbk"))
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, permutations, product
from unicodedata import combining, normalize

from mojifix.charsets.pattern import ONE, Pattern
from mojifix.charsets.policy import Policy
from mojifix.charsets.reader import After
from mojifix.charsets.tables import encoded

_UTF8 = re.compile(
    rb"((?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+)"
)
_WIDE = re.compile("[^\0-\u07ff\u2000-\u25ff]+")
_OTHER = re.compile("[\x80-\u07ff]+")
# What ftfy writes otherwise: C7 B2 is "ǲ", and then "Dz"; CA BC an ASCII apostrophe, and CD BE a semicolon.
_WRITTEN = {normalize("NFKC", char): char for char in "ĲĳŉǄǅǆǇǈǉǊǋǌǱǲǳ"} | {"'": "\u02bc"}
_WRITTEN |= {new: old for old in map(chr, range(0x80, 0x800)) if len(new := normalize("NFC", old)) == 1 and new != old}
_MARKS = "".join(filter(combining, map(chr, range(0x300, 0x800))))
# Before a space, where it takes C3 for a half of "à".
_GRAVE = "à "
# What a byte of UTF-8 may have been before it was taken for one: itself, its own UTF-8, or spaces for A0.
_READ = [(one, chr(one[0]).encode(), *([b" ", b"\xc2 "] if one == b"\xa0" else [])) for one in ONE]
# The other charsets in which ftfy looks for UTF-8, as it reads them: what one has no character for is the control.
_PAGES = [
    [one.decode(page, "ignore") or chr(one[0]) for one in ONE]
    for page in ("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "iso8859-2", "mac-roman", "cp437")
]


class Mixed(Policy):
    """A charset of single bytes, in which what is a character of UTF-8 by its bytes is that character.

    Forward that is so of all; ftfy asks for more, and leaves some as they were. So backward a character of the charset
    may stand for its byte and for its UTF-8, wherever it is, and any other character is UTF-8, the bytes of which may
    have been mended before: C4 C2 BC is first "Ä¼", and then C4 BC, "ļ". ftfy takes them for another charset, too, and
    writes in NFC. Of 2,000 sentences that its two functions had mended this covers all but one and nine.
    """

    def decode(self, data: bytes) -> str:
        parts = enumerate(_UTF8.split(data))
        return "".join(part.decode() if i % 2 else super(Mixed, self).decode(part) for i, part in parts)

    def back(self, text: str, after: After, never: bytes, inside: bool = False) -> tuple[Pattern, After]:
        # By chance one of 30 characters takes three bytes; text in which most do was never a charset of single bytes.
        wide = sum(map(len, _WIDE.findall(text)))
        if not inside and wide > sum(map(len, _OTHER.findall(text))):
            raise UnicodeEncodeError(self.name, text, 0, 1, "not of this charset for the most part")
        return super().back(text, after, never, inside)

    @cached_property
    def _special(self) -> re.Pattern[str]:
        written = (text for text in (*_WRITTEN, _GRAVE) if text.isascii() or len(text) > 1)
        return re.compile(f"({'|'.join(written)}|.[{_MARKS}]{{1,3}}|[^\\x00-\\x7f])", re.DOTALL)

    @property
    def _open(self) -> re.Pattern[str]:
        return self._special

    def _forms_of(self, char: str) -> list[bytes]:
        if char == _GRAVE:
            return [*(form + b" " for form in self._forms_of(char[0])), b"\xc3 "]
        found = [[char.encode()] if char.isascii() else self._form(char) if len(char) == 1 else []]
        if char in _WRITTEN:
            found.append(self._form(_WRITTEN[char]))
        for parts in _composed(char):
            found.append([*map(b"".join, product(*([*self._cells(part), part.encode()] for part in parts)))])
        return [*dict.fromkeys(chain.from_iterable(found))]

    def _form(self, char: str) -> list[bytes]:
        """A character is a byte, UTF-8, or, if it is in no charset of single bytes, UTF-8 as another one has it."""
        own = self._cells(char)
        found = [*own, *map(b"".join, product(*[_READ[value] for value in char.encode()]))]
        if not own:
            for page in _PAGES:
                shown = [page[value] for value in char.encode()]
                ways = product(*[self._cells(one) or [one.encode()] for one in shown]) if max(shown) < "\u0800" else ()
                # Latin-1 is tried first.
                found += [way for way in map(b"".join, ways) if not _UTF8.fullmatch(way)]
        return found

    def _cells(self, char: str) -> list[bytes]:
        return [*(cell for cell, text in self._extra.items() if text == char), *encoded(char, self.codec)]


def _composed(text: str) -> Iterator[str]:
    """What is more than a character, and that text in NFC.

    >>> [[f"{ord(char):04x}" for char in parts] for parts in _composed("\u0105\u0300")]  # E0 CC A8: "à" and an ogonek
    [['0105', '0300'], ['0061', '0328', '0300'], ['0061', '0300', '0328'], ['00e0', '0328']]
    """
    if len(text) > 1:
        yield text
    letter, others = (apart := normalize("NFD", text))[0], apart[1:]
    for marks in map("".join, permutations(others)):
        for last in range(len(marks)):
            parts = normalize("NFC", letter + marks[:last]) + marks[last:]
            if parts != text and normalize("NFC", parts) == text:
                yield parts
