"""What a text costs in bits, in the language in which it costs least.

Chinese, Japanese and Korean are for the n-gram model. The languages of alphabets have none; what tells their encodings
apart is which characters they use at all, and how often: a number of bits a character, no more. Japanese and Korean
cost no more than that, for a name has syllables that no manual has.

>>> least("今天天气很好", ZH) < least("쏱쳬쳬웸뫜뫃", KO), least("これは本です", JA) < least("これは本です", ZH)
(True, True)
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mojifix.model import load
from mojifix.model.alphabet import MEMBERS

ZH, JA, KO, ABC = "zh", "ja", "ko", "abc"
#: alphabets in an encoding that has all of them: which one it is costs something
ANY = "any"
#: a character that no language here has
STRANGE = 18.0
#: bits in which the tables below differ from probabilities that sum to one, rounded up: kana are three of four
#: characters in Japanese and syllables four of five in Korean, and so it is the rest that costs
_KANA = 1.5
_KANJI, _RARE_KANJI = 11.0, 16.0
_SYLLABLE, _RARE_SYLLABLE = 11.8, 18.0
#: each kanji of a text that has no kana: of 8 characters of Japanese hardly any is so, of GBK read as EUC-JP all are
_BARE = 2.0
#: Korean syllables by bits, as often as texts have them, to the bit
_SYLLABLES = (
    (6.2, "이다"), (6.8, "는에의을가고하지"), (7.4, "로은한를도기사어인리아"),
    (8.0, "서시자나대해있일수들정스라그으전제장여부만과원"),
    (8.7, "상보었적주유성공면구연게우요세소경마관신것동비학안문년개국선조교위생미오할계무치"),
    (9.5, "호방실물분당발모영없내중행트까음회용된간드러진려았결단재되작말습니와금통화차방식속심전산양노현입때거업체등더"
          "남반민군강건최외감"),
)  # fmt: skip
#: letters of alphabets by their ranges, in bits; capitals are rarer
_ALPHABETS = (
    ("a", "z", 4.6), ("A", "Z", 7.0), ("0", "9", 6.0), ("ά", "ώ", 7.0), ("Α", "Ω", 8.0),
    ("а", "я", 6.5), ("А", "Я", 8.0), ("א", "ת", 5.0), ("ء", "ي", 5.5), ("ก", "๛", 6.0), ("ऀ", "ॿ", 6.0),
    ("Ạ", "ỹ", 7.5), ("À", "Ö", 9.0), ("Ø", "ö", 7.5), ("ø", "ÿ", 7.5), ("Ā", "ſ", 10.0),
    ("Ѐ", "ѯ", 9.0), ("‘", "”", 8.0), ("–", "—", 9.0), ("!", "/", 8.5), (":", "@", 9.5), ("[", "`", 11.0),
    ("{", "~", 12.0), ("\x80", "\x9f", 22.0), ("\xa0", "\xbf", 11.0),
)  # fmt: skip
#: Greek letters by bits, as often as texts have them, to the bit
_GREEK = (
    (4.2, "αοιετ"), (5.2, "νσηυρπκλμς"), (6.2, "άίόέήδωγ"), (7.5, "θχύφβώ"), (8.5, "ξζψ")
)  # fmt: skip
_ALWAYS = {" ": 2.5, "\n": 6.0, "\r": 6.0, "\t": 6.0, ",": 6.0, ".": 6.0, "·": 10.0, "…": 10.0, "€": 11.0, "ё": 9.0}
_ALWAYS["ÿ"] = STRANGE  # FF is any other thing rather


class _Bits(dict[str, float]):
    """Bits of characters one by one; of what is not in a table, by its kind."""

    def __init__(self, language: str) -> None:
        super().__init__(_ALWAYS)
        self.language = language
        for first, last, bits in _ALPHABETS:
            foreign = language != ABC and first != "0"
            self.update((chr(code), bits + 2.0 * foreign) for code in range(ord(first), ord(last) + 1))
        self.update(_ALWAYS)
        if language == ABC:
            known = {char: bits + 1.0 for char, bits in MEMBERS.items() if "\xc0" <= char < "\u1f00"}
            self.update({char: bits for char, bits in known.items() if not "\u0370" <= char < "\u0400"})
            self.update({char: bits for bits, chars in _GREEK for char in chars})
        elif language == JA:
            self.update((chr(code), 9.0 + _KANA) for code in range(0x3041, 0x30FD))
            self.update((char, bits + _KANA) for char, bits in MEMBERS.items() if "ぁ" <= char <= "ー")
            self.update(dict.fromkeys("、。", 5.5) | dict.fromkeys("「」・（）　", 8.0))
            self.update((chr(code), 12.0 if code > 0xFF65 else STRANGE) for code in range(0xFF61, 0xFFA0))
        elif language == KO:
            self.update({char: bits for bits, chars in reversed(_SYLLABLES) for char in chars})

    def __missing__(self, char: str) -> float:
        bits = STRANGE
        if self.language == JA and "一" <= char <= "龥":
            form = char.encode("cp932", "ignore")
            bits = STRANGE if not form else _KANJI if form < b"\x98\x9f" else _RARE_KANJI
        elif self.language == KO and "가" <= char <= "힣":
            bits = _SYLLABLE if len(char.encode("euc_kr")) == 2 else _RARE_SYLLABLE
        elif "！" <= char <= "～":
            bits = 11.0
        self[char] = bits
        return bits


TABLES: Mapping[str, _Bits] = {language: _Bits(language) for language in (JA, KO, ABC)}
#: Letters of other alphabets within Chinese, which the model thinks cheap: bits where a run of them begins, and of each
#: that no common language has. Without them 目前 in GBK is Ŀǰ in UTF-8
_RUN, _RARE = 8.0, 6.0
_FOREIGN = re.compile("[\xaa-\u07ff\u1e00-\u1fff]+")
_UNUSUAL = re.compile("[\u0100-\u02ff\u0370-\u0390\u03cf-\u040f\u0450-\u07ff\x80-\x9f]")
_HANGUL = re.compile("[가-힣]")
_KANJIS = re.compile("[一-鿿]")
_KANAS = re.compile("[ぁ-ヺー]+")
#: Cantonese, which the model does not know, as its words are in Mandarin
_CANTONESE = str.maketrans("嘅喺咗啲佢哋咩嚟冇俾唔嘢嗰咁嘥攞揾睇瞓喎嗮", "的在了些他们么来没给不事那这花拿找看睡啊完")
#: letters of another alphabet than the Latin one, once a text; where an encoding has one of them, beside Latin letters
_SCRIPT = 12.0
_LATIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[\u0250-\u07ff\u0900-\u0e7f]")
#: inside a word, letters of another alphabet, a capital behind a small letter, an accent beside an accent
_SEAM = re.compile(
    "[A-Za-z\xc0-\u024f](?=[\u0250-\u07ff\u0e00-\u0e7f])|[\u0250-\u07ff\u0e00-\u0e7f](?=[A-Za-z\xc0-\u024f])"
    "|[\u0370-\u03ff](?=[\u0400-\u07ff])|[\u0400-\u07ff](?=[\u0370-\u03ff])|[\u0590-\u05ff](?=[\u0600-\u06ff])"
    "|[à-öø-ÿ](?=[à-öø-ÿ])|[\u0600-\u06ff](?=[\u0590-\u05ff])|[а-яß-öø-ÿα-ω](?=[A-ZА-ЯÀ-ÖØ-ÞΑ-Ω])|[a-z](?=[А-ЯÀ-ÖØ-ÞΑ-Ω])"
)
_SWITCH = 7.0
_BEYOND = re.compile("[^\x00-\x7f]")
_SIGN = re.compile(r"[^\x00-\x7f\w]")
_BEYOND_OR_SPACE = re.compile("[^\x00-\x1f!-\x7f]")
#: bits of a Latin letter in the model, in which what is ASCII costs the same in every language of alphabets
LETTER = 4.5


def least(text: str, languages: str) -> float:
    """The bits of a text in the one of some languages, named one after the other, in which it costs least."""
    return min(bits(text, language) for language in languages.split())


def bits(text: str, language: str) -> float:
    """The bits of a text in one language."""
    if language == ZH:
        model = load()
        total = model.bits(text.translate(_CANTONESE))
        if not text.isascii():
            runs = _FOREIGN.findall(text)
            total += _RUN * len(runs) + _RARE * len(_UNUSUAL.findall(text)) + 4.0 * len(_HANGUL.findall(text))
            kanas = _KANAS.findall(text)
            total += _RUN * len(kanas) + 0.5 * sum(map(len, kanas))
        return total
    if language not in (ABC, ANY):
        own = _BEYOND_OR_SPACE if language == KO else _BEYOND
        known = own.findall(text)
        total = sum(map(TABLES[language].__getitem__, known))
        if len(known) < len(text):  # what is ASCII must cost no less than beside hanzi
            total += load().bits(own.sub("", text))
        if (_KANAS if language == JA else _HANGUL).search(text):
            return min(total, load().bits(text))
        return total + _BARE * len(_KANJIS.findall(text)) * (language == JA)
    model = load()
    beyond = _BEYOND.findall(text)
    words = _SIGN.sub("", text)
    latin, _ = model.simplified(model.start, _BEYOND.sub("a", words))
    total = latin + sum(map(TABLES[ABC].__getitem__, beyond)) - LETTER * (len(beyond) - len(text) + len(words))
    other = _OTHER.search(text) and (language == ANY or _LATIN.search(text))
    return total + _SWITCH * len(_SEAM.findall(text)) + _SCRIPT * bool(other)
