"""The encodings that bytes may be in, and how many bits the bytes cost in each.

A row is a hypothesis: an encoding, how much rarer it is than UTF-8 in what Chinese users have, and the languages that
people write in it. Strict decoding rules nothing out but makes a byte that is no text dear; so a damaged text stays
what it was.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mojifix.rawbytes.languages import ABC, ANY, JA, KO, ZH, least
from mojifix.reading import decoded, strict

#: bits of a byte that its encoding cannot read, and of the first one: damage is rarer than a rare encoding. Without
#: those 75 % of four Western characters come out right, with them 82 %, and all others as before
BAD, HURT = 20.0, 8.0
#: bits of a character of UTF-8 of which a program has left some bytes and a question mark: the character, and the loss
STUMP = 14.0
#: bits of any byte where nothing is known of it: more than 8, as a hanzi that the model has not seen costs 22 in GBK
ANY_BYTE = 11.0
#: bits of a random byte beyond ASCII, more than which no text costs, give or take two rare hanzi. Of bytes at random
#: in A1-FE 80 % are told from text from 200 bytes on, with 8 bits 75 %; of 10 hanzi at random 27 of 30 lists are read
#: as they are, with 8 bits 9; of 450 snippets of classical and traditional text none is lost
RANDOM, SURE = 7.0, 24.0
#: bytes of a stretch that are weighed: its encoding is clear long before
LONG = 1200
_BAD = re.compile("[\udc80-\udcff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_HIGH = re.compile(rb"[\x80-\xff]")
#: what is left of a character of which a program has lost the last byte, one in the middle, or the first
_STUMP = re.compile("[\udc80-\udcff]{1,3}[?\ufffd][\udc80-\udcbf]{0,2}|[?\ufffd][\udc80-\udcbf]{1,2}")


def shown(data: bytes, size: int) -> bytes:
    """The part of long bytes to look at: from a little before the first one beyond ASCII."""
    if len(data) > size and (high := _HIGH.search(data)) and high.start() > size // 2:
        return data[high.start() - size // 4 :][:size]
    return data[:size]


class Encoding(NamedTuple):
    """A row: the name (see `mojifix.reading`), bits beyond UTF-8, and languages."""

    name: str
    bits: float
    languages: str

    def cost(self, data: bytes) -> float:
        """The bits of some bytes, if they are in this encoding; without those of the row."""
        text = decoded(shown(data, LONG), self.name)
        if len(data) > LONG:
            text = text[:-4]  # cut in mid-character
        random = RANDOM * min(len(data), LONG) + SURE
        if self is RAW:
            known = _BAD.sub("", text)
            some = least(known, ABC) + ANY_BYTE * (len(text) - len(known))
            return min(ANY_BYTE * len(text), some, random)
        text, stumps = _STUMP.subn("", text) if self is UTF8 else (text, 0)
        clean = _BAD.sub("", text)
        bad = len(text) - len(clean)
        bits = least(clean, self.languages) + STUMP * stumps + BAD * bad + HURT * (bad > 0)
        # A list of rare hanzi is as dear as random bytes are, but these are hardly ever all characters.
        whole = self.languages != ABC and not bad and not _PRIVATE.search(text)
        return min(bits, random) if whole else bits

    def explains(self, data: bytes) -> bool:
        """Whether they are all text in it, or stumps."""
        if strict(data, self.name) is not None:
            return True
        return self is UTF8 and not _BAD.search(_STUMP.sub("", decoded(data, self.name)))


UTF8 = Encoding("utf-8", 0.0, f"{ZH} {ANY} {JA} {KO}")
GB18030 = Encoding("gb18030", 1.0, ZH)
BIG5 = Encoding("big5hkscs", 3.0, ZH)
#: no text that anything is known of: its ASCII, and bytes
RAW = Encoding("ascii", 14.0, ABC)

#: The bits were set so that of 2 characters in GB18030 97 %, in Big5 94 % come out right, and of 4 of Japanese and
#: Korean as many as with chardet alone (benchmarks/decode.py)
EAST = (
    GB18030,
    BIG5,
    Encoding("cp932", 7.0, JA),
    Encoding("cp949", 11.0, KO),
    Encoding("euc_jp", 10.0, JA),
    Encoding("euc-tw", 14.0, ZH),
)
#: Of four letters in KOI8-R 96 %, of Greek 95 % come out right; with 5 bits more 87 and 90 %, no better than
#: with chardet alone, and no more of Chinese, Japanese and Korean. Of two letters in KOI8-R 65 %, with 3 bits 55, with
#: -1 74, but then one in a hundred of two hanzi in GB18030 is lost. All others come from chardet, at `RARE` bits
CP1252 = Encoding("cp1252", 3.0, ABC)
WEST = (
    CP1252,
    Encoding("cp1251", 4.0, ABC),
    Encoding("koi8-r", 1.0, ABC),
    Encoding("cp866", 9.0, ABC),
    Encoding("cp1250", 7.0, ABC),
    Encoding("cp1253", 5.0, ABC),
)
RARE = 16.0
#: units of two and four bytes, without a mark
WIDE = (
    Encoding("utf-16-le", 9.0, f"{ZH} {ANY} {JA} {KO}"),
    Encoding("utf-16-be", 11.0, f"{ZH} {ANY} {JA} {KO}"),
    Encoding("utf-32-le", 12.0, f"{ZH} {ANY} {JA} {KO}"),
    Encoding("utf-32-be", 12.0, f"{ZH} {ANY} {JA} {KO}"),
)
