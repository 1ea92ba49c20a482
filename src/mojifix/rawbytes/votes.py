"""What chardet thinks of bytes; the only importer of chardet.

chardet knows pairs of characters of every language; what it says is a similarity and no probability. The ratio of two
similarities, as a power, is taken for how much likelier the one encoding is.
"""

from __future__ import annotations

import codecs
from math import log2

from mojifix.rawbytes.candidates import EAST, RARE, WEST, Encoding
from mojifix.rawbytes.languages import ABC

#: bits for each doubling of the similarity, and at most. Of 500 Japanese of 4 characters in EUC-JP 474 come out right
#: without a vote, 496 with these, 495 with 3 and 14
WEIGHT, MOST = 1.5, 10.0
#: bytes that chardet is shown
SHOWN = 1 << 14
#: encodings of chardet's that are tried besides the rows that there are
OTHERS = 3
_NAMES = {
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932",
    "shift_jis_2004": "cp932", "shift_jisx0213": "cp932", "euc_jis_2004": "euc_jp", "euc_jisx0213": "euc_jp",
    "euc_kr": "cp949", "johab": "cp949", "iso8859-1": "cp1252", "iso8859-15": "cp1252",
}  # fmt: skip
_NOT_HERE = ("utf", "hz", "iso2022", "ascii", "cp037", "cp1006", "cp5", "cp10", "cp11", "cp8", "cp273", "cp424", "cp875")


def vote(data: bytes) -> dict[Encoding, float]:
    """The rows for some bytes, each with its bits and the bits against it by chardet's vote.

    >>> rows = vote("Доброе утро, как дела?".encode("koi8-r"))
    >>> min(row.bits + rows[row] for row in rows if row.name == "koi8-r") < 8
    True
    """
    east = {row.name: row for row in EAST}
    west = {row.name: row for row in WEST}
    found = _similar(data[:SHOWN])
    for name in [name for name in found if name not in east and name not in west][:OTHERS]:
        if not name.startswith(_NOT_HERE):
            west[name] = Encoding(name, RARE, ABC)
    return {row: bits for group in (east, west) for row, bits in _against(group, found)}


def _against(rows: dict[str, Encoding], found: dict[str, float]) -> list[tuple[Encoding, float]]:
    best = max((found.get(name, 0.0) for name in rows), default=0.0)
    if not best:
        return [(row, 0.0) for row in rows.values()]
    return [(row, min(MOST, -WEIGHT * log2(max(found.get(name, 0.0), 1e-4) / best))) for name, row in rows.items()]


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
