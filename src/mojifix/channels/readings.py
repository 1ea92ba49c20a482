"""The readings of traditional characters: what the pinyin kit may have written behind them.

The table has the characters that the kit may annotate: GBK has them, and they are no simplified characters (OpenCC
gives another one for them, or the kit writes them for another one, as 著 for 着). It has *all* their readings, for
which of them a site's list holds can not be known. Where the kit writes one character for every use of a simplified
one, the mainland readings of that count as well: 績 is jì there, though dictionaries of traditional characters say jī.

``python -m mojifix.channels.readings`` writes the table anew; that needs pypinyin (in the test extra).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("readings.txt")


@cache
def readings() -> Mapping[str, str]:
    """Pinyin with tone marks (NFC) to the characters that have it as a reading, in the order of their code points.

    >>> "長" in readings()["zhǎng"] and "長" in readings()["cháng"]
    True
    >>> readings()["lǜ"]
    '壘寠慮濾綠緑繂鋁録'
    """
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return MappingProxyType(dict(line.split(" ") for line in lines if not line.startswith("#")))


def build() -> str:
    """The text of the table, from the installed pypinyin and OpenCC. The same versions give the same bytes."""
    import pypinyin
    from pypinyin.constants import PINYIN_DICT

    from mojifix.channels.kit_damage import HAN, kit_table
    from mojifix.variants import simplify_char_map

    phrases = _phrase_readings()

    def of(char: str) -> set[str]:
        return {*PINYIN_DICT.get(ord(char), "").split(","), *phrases.get(char, ())}

    found = {char: of(char) for char, simple in simplify_char_map(map(chr, HAN)).items() if char != simple}
    for code, char in kit_table().items():
        found.setdefault(char, of(char)).update(of(chr(code)))
    by_pinyin: dict[str, list[str]] = {}
    for char in sorted(found):
        for pinyin in filter(_writable, found[char]):
            by_pinyin.setdefault(pinyin, []).append(char)
    head = f"# Written by mojifix.channels.readings from pypinyin {pypinyin.__version__} (MIT) and OpenCC's tables.\n"
    return head + "".join(f"{pinyin} {''.join(by_pinyin[pinyin])}\n" for pinyin in sorted(by_pinyin))


def _phrase_readings() -> dict[str, set[str]]:
    """What pypinyin's phrases add to its single characters: the neutral tones of 个 and 么, 没 as mò, 绩 as jì."""
    from pypinyin.constants import PHRASES_DICT

    found: dict[str, set[str]] = {}
    for phrase, syllables in PHRASES_DICT.items():
        if len(phrase) == len(syllables):
            for char, options in zip(phrase, syllables, strict=True):
                found.setdefault(char, set()).update(options)
    return found


def _writable(pinyin: str) -> bool:
    """Whether GBK has all its letters (not so ḿ and ê̄, which are interjections)."""
    try:
        pinyin.encode("gbk")
    except UnicodeEncodeError:
        return False
    return pinyin.isalpha()


def main() -> None:
    with TABLE.open("w", encoding="utf-8", newline="\n") as file:
        file.write(build())


if __name__ == "__main__":
    main()
