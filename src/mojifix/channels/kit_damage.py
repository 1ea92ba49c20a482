"""The "traditional + (pinyin)" kit, forward: what it makes of a simplified page, byte by byte.

Seen on many re-used Chinese sites. A page is put into traditional characters one at a time and written as GBK. A list
of two-byte codes is then looked for *in the bytes*, with no regard to where characters begin, and behind each hit goes
"(" + pinyin + ")". Where the hit was the second byte of one character and the first of the next, all that follows up to
the next ASCII character is read in wrong pairs:

>>> qu = {bytes.fromhex("f28c"): "qū"}
>>> damage("驱动", qu)
'驅(qū)動'
>>> damage("向实体企业", qu)
'向?qū)嶓w企業'

Every step is a function, so that its undoing can be tested against it. With these steps the seed page comes out of its
repair exactly. What is not simulated: the removal of HTML, which finds "/strong>" where the "<" was eaten.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache

from mojifix.channels.readings import readings
from mojifix.charsets import POLICIES
from mojifix.variants import traditional_char_map

# An impossible second byte goes with its lead into one "?"; the cells that GBK leaves empty are private-use characters.
_CP936 = POLICIES["cp936/windows"]

HAN = range(0x4E00, 0x9FA6)
"""The Chinese characters of GBK: these code points, all of them."""
_PRIVATE = re.compile("[\ue000-\uf8ff]+")
_SHIFTED_TO_PRIVATE = re.compile("(?<=\\))[^\x00-\x7f]*[\ue000-\uf8ff][^\x00-\x7f]*[\x00-\x7f]?")
_MARK = re.compile(b"(\xa3[\xa1\xac\xbb\xbf])")
_HALFWIDTH = str.maketrans("，：？（）；！", ",:?();!")

# Where the kit's list differs from OpenCC's first choice: these are on pages of the kit, beside their originals.
_OWN_CHOICE = dict(zip("为众伪勋启娴湿着", "為眾偽勛啟嫻濕著", strict=True))
_LEFT_ALONE = "么于云伙余占吃后干并床恒斗柜淀游筑群范辟采里"


@cache
def kit_table() -> dict[int, str]:
    """The kit's traditional character for each simplified one, as far as GBK has both; for ``str.translate``.

    >>> kit_table()[ord("国")], ord("云") in kit_table()
    ('國', False)
    """
    table = traditional_char_map(map(chr, HAN)) | _OWN_CHOICE | dict(zip(_LEFT_ALONE, _LEFT_ALONE, strict=True))
    return {ord(old): new for old, new in table.items() if old != new and len(new) == 1 and ord(new) in HAN}


def to_kit_traditional(text: str) -> str:
    """Simplified to traditional as the kit does it: one character at a time, one target each, some left as they are.

    >>> to_kit_traditional("跟着公司的头发展")
    '跟著公司的頭發展'
    """
    return text.translate(kit_table())


def to_gbk(text: str) -> bytes:
    """GBK, two bytes or ASCII; the kit's pages hold nothing else.

    >>> to_gbk("好Ā")
    Traceback (most recent call last):
    ValueError: GBK can not write 'Ā' (U+0100) at 1: the kit works on GBK pages only
    """
    try:
        return text.encode("gbk")
    except UnicodeEncodeError as error:
        bad = text[error.start]
        message = f"GBK can not write {bad!r} (U+{ord(bad):04X}) at {error.start}: the kit works on GBK pages only"
        raise ValueError(message) from None


def annotate(data: bytes, codes: Mapping[bytes, str]) -> bytes:
    """One pass from left to right: copy a listed pair of bytes and put its pinyin behind it, or else copy one byte.

    >>> annotate("向实".encode("gbk"), {b"\\xf2\\xca": "x"})
    b'\\xcf\\xf2\\xca(x)\\xb5'
    """
    out = bytearray()
    at = 0
    while at < len(data):
        pinyin = codes.get(pair := data[at : at + 2])
        if pinyin is None:
            out.append(data[at])
            at += 1
        else:
            out += pair + f"({pinyin})".encode("gbk")
            at += 2
    return bytes(out)


def resync(text: str) -> str:
    r"""A later program of some sites: a shifted run with a private-use character is read again one byte later.

    Its first byte becomes "?", and the text behind is right again up to the end of the run, where the last byte now
    takes an ASCII character with it. That this is what happened is worked out from three places (two of the seed), and
    that private-use characters are the reason from all the runs that do without: they stayed shifted.

    >>> shifted = damage("向实，也好", {bytes.fromhex("f28c"): "qū"}, drop_private=False)
    >>> shifted, resync(shifted)
    ('向?qū)崳\ue0ed埠?', '向?qū)?，也?')
    """
    return _SHIFTED_TO_PRIVATE.sub(lambda run: "?" + _CP936.decode(_CP936.encode(run[0])[1:]), text)


def break_at_marks(text: str) -> str:
    """A second artefact of such sites: ！，；？ are found in the bytes too, and what is on either side is read alone.

    So the byte before a mark that was none becomes "?", and what follows is shifted by one byte:

    >>> break_at_marks("專科門診")
    '?？崎T診'
    """
    parts = _MARK.split(_CP936.encode(text))
    return "".join(map(_CP936.decode, parts))


def damage(
    text: str,
    codes: Mapping[bytes, str],
    *,
    halfwidth: bool = False,
    marks: bool = False,
    drop_private: bool = True,
    resynced: bool = False,
) -> str:
    """What the kit with this list of codes makes of a simplified text.

    `halfwidth` maps ，：？（）；！ to ASCII, as most sites do; `marks` and `resynced` are what some do
    (`break_at_marks`, `resync`); `drop_private` is the crawler that loses private-use characters, two bytes each.

    >>> damage("国家，", {"國".encode("gbk"): "guó"}, halfwidth=True)
    '國(guó)家,'
    """
    seen = _CP936.decode(annotate(to_gbk(to_kit_traditional(text)), codes))
    if resynced:
        seen = resync(seen)
    if marks:
        seen = break_at_marks(seen)
    if drop_private:
        seen = _PRIVATE.sub("", seen)
    return seen.translate(_HALFWIDTH) if halfwidth else seen


def random_codes(rng: random.Random, share: float) -> dict[bytes, str]:
    """A list as a site might have it: this share of the annotatable characters, with one reading each.

    >>> codes = random_codes(random.Random(1), 0.1)
    >>> all(code.decode("gbk") in readings()[pinyin] for code, pinyin in codes.items())
    True
    """
    by_char: dict[str, list[str]] = {}
    for pinyin, chars in readings().items():
        for char in chars:
            by_char.setdefault(char, []).append(pinyin)
    return {char.encode("gbk"): rng.choice(by_char[char]) for char in sorted(by_char) if rng.random() < share}
