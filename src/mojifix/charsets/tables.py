"""What the codecs of the standard library read, as tables."""

from __future__ import annotations

from functools import cache

from mojifix.charsets.pattern import ANY, LOST, ONE

HIGH = ANY[0x80:]
LEADS = ANY[0x81:0xFF]
LEAD = rb"[\x81-\xfe]"
DIGITS = b"0123456789"
_TRAILS = ANY[0x40:0x7F] + ANY[0x80:]


@cache
def cells(codec: str) -> dict[bytes, str]:
    """What a codec reads: each single byte from 80, each pair, and each three bytes with the lead 8F of EUC-JP.

    >>> [len(cells(codec)) for codec in ("gbk", "cp932", "euc_jp", "cp1252")]
    [21791, 9672, 13009, 123]
    """
    singles = _whole(codec, [*ONE[0x80:]])
    heads = [one for one in ONE[0x80:] if one not in singles]
    if len(heads) < 60:  # a charset of single bytes
        return singles
    pairs = _whole(codec, [head + ONE[trail] for head in heads for trail in _TRAILS])
    rows = [ONE[0x8F] + ONE[value] for value in ANY[0xA1:0xFF]] if codec == "euc_jp" else []
    return singles | pairs | _whole(codec, [row + ONE[value] for row in rows for value in ANY[0xA1:0xFF]])


def _whole(codec: str, forms: list[bytes]) -> dict[bytes, str]:
    """Those of the forms that are characters: read in one go, a line each."""
    texts = b"\n".join((*forms, b"")).decode(codec, "replace").split("\n")
    return {form: text for form, text in zip(forms, texts, strict=False) if text and LOST not in text}


def encoded(char: str, codec: str) -> list[bytes]:
    """The form that a codec writes, if it has the character."""
    try:
        return [char.encode(codec)]
    except UnicodeEncodeError:
        return []


# Characters that a codec writes in bytes that it reads as others.
_ALIASES = {"cp932": "¢£¬‖−〜", "shift_jis": "¥‾", "euc_kr": "\u3164", "cp950": "¢£¥•‾∼☉♁､", "euc_jp": "¥‾"}


@cache
def twins(codec: str) -> dict[str, list[bytes]]:
    """The forms of characters that a codec reads from others than it writes, its own first; none, if it reads none.

    >>> [[form.hex() for form in twins("cp932")[char]] for char in "∵−"]
    [['81e6', '879a', 'fa5b'], []]
    >>> twins("gbk")
    {}
    """
    none: dict[str, list[bytes]] = {char: [] for char in _ALIASES.get(codec, "")}
    if "".join(cells(codec).values()).encode(codec, "replace") == b"".join(cells(codec)):
        return none
    read = {form: char for form, char in cells(codec).items() if len(char) == 1}
    written = "\n".join(read.values()).encode(codec).split(b"\n")
    several = {char for form, char, own in zip(read, read.values(), written, strict=True) if form != own}
    forms: dict[str, list[bytes]] = {char: encoded(char, codec) for char in several}
    for form, char in read.items():
        if char in several and form not in forms[char]:
            forms[char].append(form)
    return forms | none


# The user areas of Windows, in the order of their numbers: leads and trails. In GBK all other holes follow.
BIG5_TRAILS = ANY[0x40:0x7F] + ANY[0xA1:0xFF]
_USER = {
    "cp950": (
        *((leads, BIG5_TRAILS) for leads in (ANY[0xFA:0xFF], ANY[0x8E:0xA1], ANY[0x81:0x8E])),
        (b"\xc6", ANY[0xA1:0xFF]),
        (b"\xc7\xc8", BIG5_TRAILS),
    ),
    "cp936": ((ANY[0xAA:0xB0], ANY[0xA1:0xFF]), (ANY[0xF8:0xFF], ANY[0xA1:0xFF]), (ANY[0xA1:0xA8], ANY[0x40:0xA1])),
    "cp949": ((b"\xc9\xfe", ANY[0xA1:0xFF]),),
}


@cache
def extra(table: str) -> dict[bytes, str]:
    r"""What a table puts into the cells that a charset leaves empty; here the 2,149 of GBK.

    Windows numbers them through from U+E000: the user areas AAA1-AFFE, F8A1-FEFE and A140-A7A0, then all others.
    GB18030 has since given 81 of the others to real characters (A2E3 is the euro); the table "go" has only those.

    >>> [extra("cp936")[bytes.fromhex(cell)] for cell in ("aaa1", "f8a1", "a140", "a2ab", "a2e3")]
    ['\ue000', '\ue234', '\ue4c6', '\ue766', '\ue76c']
    >>> extra("gb18030")[b"\xa2\xe3"], len(extra("go"))
    ('€', 81)
    """
    if not table:
        return {}
    if table == "c1":  # the C1 controls
        return {one: chr(one[0]) for one in ONE[0x80:0xA0]}
    if table == "cp932":  # the rows of NEC and IBM, and the user area
        return {cell: char for cell, char in cells("cp932").items() if len(cell) == 2}
    pairs = [bytes((lead, trail)) for leads, trails in _USER.get(table, ()) for lead in leads for trail in trails]
    if pairs and table != "cp936":
        return {pair: chr(0xE000 + i) for i, pair in enumerate(pairs)}
    holes = cells("gb18030").keys() - cells("gbk").keys()
    if pairs:
        empty = dict.fromkeys((*(pair for pair in pairs if pair in holes), *sorted(holes)))
        return {cell: chr(0xE000 + i) for i, cell in enumerate(empty)}
    filled = {cell: cells("gb18030")[cell] for cell in sorted(holes)}
    return filled if table != "go" else {k: char for k, char in filled.items() if not "\ue000" <= char <= "\uf8ff"}
