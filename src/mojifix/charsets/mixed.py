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
from functools import cached_property
from itertools import product
from unicodedata import normalize

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
# What ftfy writes letter by letter: C7 B2 is "ǲ", and then "Dz".
_LIGATURES = {normalize("NFKC", char): char for char in "ĲĳŉǄǅǆǇǈǉǊǋǌǱǲǳ"}
# What a byte of UTF-8 may have been before it was taken for one: itself, its own UTF-8, or a space for A0.
_READ = [(one, chr(one[0]).encode(), *([b" "] if one == b"\xa0" else [])) for one in ONE]


class Mixed(Policy):
    """A charset of single bytes, in which what is a character of UTF-8 by its bytes is that character.

    Forward that is so of all; ftfy asks for more, and leaves some as they were. So backward a character of the charset
    may stand for its byte and for its UTF-8, wherever it is, and any other character is UTF-8, the bytes of which may
    have been mended before: C4 C2 BC is first "Ä¼", and then C4 BC, "ļ".
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
        return re.compile(f"({'|'.join(_LIGATURES)}|[^\\x00-\\x7f])")

    def _forms_of(self, char: str) -> list[bytes]:
        if len(char) > 1:
            return (
                [char.encode(), *self._forms_of(_LIGATURES[char])]
                if char.isascii()
                else self._forms_of(_LIGATURES[char])
            )
        cells = [cell for cell, text in self._extra.items() if text == char]
        twice = product(*[_READ[value] for value in char.encode()])
        return [*dict.fromkeys((*cells, *encoded(char, self.codec), *map(b"".join, twice)))]
