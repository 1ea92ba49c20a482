"""What chardet thinks of bytes; the only importer of chardet.

chardet knows pairs of characters of every language; what it says is a similarity and no probability. The ratio of two
similarities, as a power, is taken for how much likelier the one encoding is.
"""

from __future__ import annotations

import codecs
from math import log2

from mojifix.rawbytes.candidates import EAST, RARE, WEST, Encoding
from mojifix.rawbytes.languages import ABC

#: bits for each doubling of the similarity, and at most. Of 4 characters of Japanese in EUC-JP 94.7 % come out right
#: without a vote, 98.7 % with these; with 3 and 14 bits fewer of Chinese
EAST_VOTE = 1.5, 10.0
#: the same of single-byte encodings. With 6 bits, of four letters 1 to 3 % fewer come out right; with 3, of eight
#: in cp1251 1 % fewer
WEST_VOTE = 4.0, 30.0
#: bytes that chardet is shown
SHOWN = 1 << 14
#: encodings of chardet's that are tried besides the rows that there are
OTHERS = 3
_LEAST = 1e-4
#: the same between those two kinds, whose similarities can hardly be compared: with 1.5 and 10 bits 91 % of two
#: characters in Big5 come out right, with these 94 %
BETWEEN = 0.75, 3.0
_NAMES = {
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932",
    "shift_jis_2004": "cp932", "shift_jisx0213": "cp932", "euc_jis_2004": "euc_jp", "euc_jisx0213": "euc_jp",
    "euc_kr": "cp949", "johab": "cp949", "iso8859-1": "cp1252", "iso8859-15": "cp1252",
}  # fmt: skip
_NOT_HERE = ("utf", "hz", "iso2022", "ascii", "cp037", "cp1006", "cp5", "cp10", "cp11", "cp8",
             "cp273", "cp424")  # fmt: skip


def vote(data: bytes) -> dict[Encoding, float]:
    """The rows for some bytes, each with its bits and the bits against it by chardet's vote.

    >>> rows = vote("Доброе утро, как дела?".encode("koi8-r"))
    >>> min(row.bits + rows[row] for row in rows if row.name == "koi8-r") <= 8
    True
    """
    east = {row.name: row for row in EAST}
    west = {row.name: row for row in WEST}
    found = _similar(data[:SHOWN])
    for name in [name for name in found if name not in east and name not in west][:OTHERS]:
        if not name.startswith(_NOT_HERE):
            west[name] = Encoding(name, RARE, ABC)
    best = {name: max(found.get(name, _LEAST) for name in group) for group in (east, west) for name in group}
    top = max(best.values())
    bits: dict[Encoding, float] = {}
    for group, weight, most in ((east, *EAST_VOTE), (west, *WEST_VOTE)):
        for name, row in group.items():
            own = max(found.get(name, _LEAST), _LEAST)
            between = min(BETWEEN[1], BETWEEN[0] * log2(top / best[name]))
            bits[row] = between + min(most, weight * log2(best[name] / own))
    return bits if found else dict.fromkeys(bits, 0.0)


def _similar(data: bytes) -> dict[str, float]:
    """chardet's similarity by the name of the codec, the greatest first."""
    from chardet import detect_all

    found: dict[str, float] = {}
    for result in detect_all(data, ignore_threshold=True):
        try:
            name = codecs.lookup(result["encoding"] or "").name
        except LookupError:
            continue
        name = _NAMES.get(name, name)
        found[name] = max(found.get(name, 0.0), result["confidence"])
    return found
