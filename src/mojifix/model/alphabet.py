"""The model's alphabet: which characters count as the same symbol.

A model of Chinese needs no Latin spelling: every Latin letter is one symbol, every digit another, and a run of
letters, digits or spaces is ONE symbol however long it is, so that the context of the character behind it still
reaches the hanzi before it. Kana and the syllables of Korean that texts have are symbols like hanzi. A full-width
form counts as its ASCII form, and a traditional character as its simplified one - unless simplified text has both
(着 著, 干 乾): those differ in meaning.

What a symbol leaves open costs bits, so that readings of different symbols can be compared: which letter it is, a
fixed number for each class (``log2`` of the number of usual members); which form of a character, as the texts that
the model was trained on have it, simplified and traditional ones apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final

#: kana, and the share of a line from which on it is Japanese
KANA: Final = re.compile("[ぁ-ヿ]")
KANA_SHARE: Final = 0.1

CLASSES = 14
BOUNDARY, RARE_HAN, LATIN, DIGIT, SPACE, SYMBOL, HIRAGANA, KATAKANA, HANGUL, CYRILLIC, GREEK, *_REST = range(CLASSES)
ACCENTED, ASTRAL, CONTROL = _REST
#: bits that a member of each class costs beyond its symbol. Of 58,000 syllables of Korean 311 are one of the 1,340 that
#: are no symbols of their own, which is 18 bits; the first of a run costs up to 8 besides, others nothing. With 9 what
#: no text has is cheaper than what all have, and of pieces of four characters of GBK read as EUC-KR 74 % cost enough,
#: else 87 %
MEMBER_BITS: tuple[float, ...] = (0.0, 13.0, 4.5, 3.3, 0.5, 9.0, 9.0, 9.0, 14.0, 8.0, 9.0, 9.0, 9.0, 14.0)
#: members that are far from usual: a space is hardly ever another one; letters as often as French, Russian, Greek,
#: Arabic, Hebrew and Japanese have them, to the bit. Armenian, Hebrew and Arabic are of the class of Cyrillic
MEMBERS = {"\t": 7.0, "\r": 9.0, "\xa0": 9.0, "\u3000": 7.0} | {
    letter: bits
    for bits, letters in (
        (3.0, "é"), (4.5, "àáâãäåæçèêëíîïñóôõöøùúûüß"), (7.0, "ąćęłńśźżčěřšžůýğışőűăđơưạảấầậắếềệịọốồộớờợụủứừữự"),
        (3.3, "о"), (3.7, "еаи"), (4.0, "нт"), (4.4, "срвл"), (5.0, "кмдпу"), (6.0, "яыьгзбч"), (7.0, "йхжшюц"),
        (4.6, "のいうしたとにるかてなはん"), (5.6, "をでがっこまもれりらすあくきそさけだよ"),
        (7.0, "みせちえわつおどばめやろじょゃ"), (3.3, "ー"), (4.5, "ンストルイラリックアシド"),
        (6.2, "タロレコマサテプカジフメセキオナニバムパデグウチモハボビミダワノブエ"),
        (9.0, "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"),
        (3.1, "اليی"), (4.2, "منرتدوهب"), (5.3, "عسفكکةزش"), (6.3, "قحأخجصپگ"), (7.3, "ىآإذطثضظئچ"),
        (4.0, "יוהל"), (4.6, "אתרמשבנ"), (6.0, "דעקחפכטגסצזםןךץף"),
        (3.7, "ατοσιεν"), (4.8, "ςρπκμηυ"), (5.6, "λίάόέγδ"), (6.5, "ωήχθύφ"), (7.6, "ώβξζ"),
    )
    for letter in letters
}  # fmt: skip
#: bits of a syllable that is not in KS X 1001: Korean has one in some 10,000
RARE_HANGUL = 18.0


def is_rare_hangul(char: str) -> bool:
    """Whether a syllable is not in KS X 1001, and so rare in Korean; the codec spells it by letters, in 8 bytes.

    >>> is_rare_hangul("가"), is_rare_hangul("똠")
    (False, True)
    """
    return len(char.encode("euc_kr", "ignore")) != 2


#: symbols of which a run counts as one; SYMBOL and RARE_HAN are no runs: each member is a word of its own
RUNS = frozenset(range(CLASSES)) - {RARE_HAN, SYMBOL}

#: classes whose members are symbols of their own where texts have them often enough
SPELLED = (RARE_HAN, SYMBOL, ASTRAL, HIRAGANA, KATAKANA, HANGUL)

#: classes of which text in another language is made
ELSEWHERE = frozenset({HIRAGANA, KATAKANA, HANGUL, CYRILLIC, GREEK, ACCENTED, ASTRAL})

#: where a class begins; it goes on to the next row
_STARTS: tuple[tuple[int, int], ...] = (
    (0x00, CONTROL), (0x09, SPACE), (0x0A, BOUNDARY), (0x0B, CONTROL), (0x0D, SPACE), (0x0E, CONTROL), (0x20, SPACE),
    (0x21, SYMBOL), (0x30, DIGIT), (0x3A, SYMBOL), (0x41, LATIN), (0x5B, SYMBOL), (0x61, LATIN), (0x7B, SYMBOL),
    (0x7F, CONTROL), (0xA0, SPACE), (0xA1, SYMBOL), (0xC0, ACCENTED), (0xD7, SYMBOL), (0xD8, ACCENTED), (0xF7, SYMBOL),
    (0xF8, ACCENTED), (0x250, SYMBOL), (0x370, GREEK), (0x400, CYRILLIC), (0x64B, SYMBOL), (0x66E, CYRILLIC),
    (0x6D6, SYMBOL), (0x1100, HANGUL), (0x1200, SYMBOL), (0x1E00, ACCENTED), (0x1F00, SYMBOL), (0x3000, SPACE),
    (0x3001, SYMBOL), (0x3041, HIRAGANA), (0x30A0, KATAKANA), (0x30FB, SYMBOL), (0x30FC, KATAKANA), (0x3100, SYMBOL),
    (0x3130, HANGUL), (0x3190, SYMBOL), (0x3400, RARE_HAN), (0x4DC0, SYMBOL), (0x4E00, RARE_HAN), (0xA000, SYMBOL),
    (0xAC00, HANGUL), (0xD7B0, SYMBOL), (0xD800, CONTROL), (0xF900, RARE_HAN), (0xFB00, SYMBOL), (0xFFF0, CONTROL),
    (0x10000, ASTRAL), (0x20000, RARE_HAN), (0x40000, ASTRAL), (0xE0000, CONTROL),
)  # fmt: skip
_FIRST = [first for first, _ in _STARTS]
_KIND = [kind for _, kind in _STARTS]


def classify(code: int) -> int:
    """The class of a code point that has no symbol of its own.

    >>> classify(ord("Q")) == LATIN, classify(ord("你")) == RARE_HAN, classify(0xFFFD) == CONTROL
    (True, True, True)
    """
    return _KIND[bisect_right(_FIRST, code) - 1]


def classes(chars: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Characters without symbols of their own by class, in their order; a class may come more than once.

    >>> list(classes(["я", "a", "ж", "b"]))
    [(2, ['a', 'b']), (9, ['ж', 'я'])]
    """
    chars = sorted(chars)
    at = 0
    while at < len(chars):
        row = bisect_right(_FIRST, ord(chars[at]))
        end = bisect_left(chars, chr(_FIRST[row])) if row < len(_FIRST) else len(chars)
        yield _KIND[row - 1], chars[at:end]
        at = end


def full_width() -> dict[int, str]:
    """Full-width forms of ASCII and what they stand for.

    >>> "，Ａ。".translate(full_width())
    ',A。'
    """
    return {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


class Symbols(dict[str, tuple[int, float]]):
    """Character to (symbol, bits of the member); a character never seen before is classified, not stored.

    `members` are the bits of each character of `vocabulary` and of each one that is folded, in that order: how far
    the symbol leaves it open, in text of one script. A symbol says 后 or 後; in simplified text it is 后.

    >>> symbols = Symbols("后是", {ord("後"): "后"}, [0.25, 0.0, 9.0])
    >>> symbols["是"], symbols["後"], symbols["x"]
    ((15, 0.0), (14, 9.0), (2, 4.5))
    """

    def __init__(self, vocabulary: str, fold: Mapping[int, str], members: Sequence[float]) -> None:
        super().__init__(zip(vocabulary, zip(count(CLASSES), members, strict=False), strict=False))
        for code in range(128):  # the common ones without a detour through __missing__
            self[chr(code)] = self[chr(code)]
        for char in MEMBERS:
            self[char] = self[char]
        for (code, char), bits in zip(fold.items(), members[len(vocabulary) :], strict=True):
            symbol, base = self[char]
            self[chr(code)] = symbol, bits + (base if symbol < CLASSES else 0.0)

    def __missing__(self, char: str) -> tuple[int, float]:
        kind = classify(ord(char))
        if kind == HANGUL and is_rare_hangul(char):
            return kind, RARE_HANGUL
        return kind, MEMBERS.get(char, MEMBER_BITS[kind])
