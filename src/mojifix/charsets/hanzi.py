"""How programs read the other charsets of East Asia that have two bytes a character.

Compared over all pairs from 8000 to FFFF, alone and before ASCII, with OpenJDK 17, iconv-lite 0.7, and with
@exodus/bytes for the rule of browsers. The rows of Windows are what was seen in the wild: "・" (932) or "?" for a lead
and whatever follows it.
"""

from __future__ import annotations

from dataclasses import replace

from mojifix.charsets.pattern import ANY, LOST
from mojifix.charsets.policy import Policy
from mojifix.charsets.tables import BIG5_TRAILS, LEAD

# A pair that is none: one mark, and ASCII is read again.
_WEB = LEAD + rb"[\x80-\xff]"
# Less ∕ and ﹨ in A241 and A242, and 185 cells of HKSCS-2008, which CPython lacks.
_BIG5 = dict(zip("•､‾∼♁☉¥¢£", "‧﹑¯～⊕⊙￥￠￡", strict=True))
# CPython reads A0 and FD-FF as Windows does, nobody else does.
_JIS = dict.fromkeys("\uf8f0\uf8f1\uf8f2\uf8f3", LOST)
_WAVES = dict(zip("〜‖−¢£¬", "～∥－￠￡￢", strict=True))  # of Windows
# A lead that has characters, and a byte that is none alone and no such lead.
_JAVA = rb"[^\x85\x86\xeb\xec\xef][\x80\x85\x86\xa0\xeb\xec\xef\xfd-\xff]"
_SWALLOWS = rb"[\x81-\x9f\xe0-\xfc]."
_WINDOWS_932 = Policy("cp932/windows", "cp932", mark="・", eats=_SWALLOWS)
# CPython reads kana in C6A1-C7FC, where Windows has the end of its user area, from U+F6B1.
_KANA = (bytes((lead, trail)) for lead in b"\xc6\xc7" for trail in BIG5_TRAILS if lead > 0xC6 or trail > 0xA0)
_EUDC = {cell.decode("cp950"): chr(0xF6B1 + i) for i, cell in enumerate(_KANA) if cell < b"\xc7\xfd"}
_WINDOWS_950 = Policy("cp950/windows", "cp950", "cp950", swap=_EUDC, mark="?", eats=LEAD + rb".")
_WINDOWS_949 = Policy("cp949/windows", "cp949", "cp949", mark="?", eats=LEAD + rb".")

HANZI = (
    Policy("big5/cpython", "big5"),
    Policy("cp950/cpython", "cp950"),
    Policy("big5hkscs/cpython", "big5hkscs"),
    Policy("big5/whatwg", "big5hkscs", swap=_BIG5, eats=_WEB, lacks="&#{};"),
    Policy("cp950/java", "cp950", "cp950", swap=_EUDC),  # and ICU
    _WINDOWS_950,
    replace(_WINDOWS_950, name="cp950/windows-fffd", mark=LOST),
    Policy("cp932/cpython", "cp932"),
    Policy("shift_jis/cpython", "shift_jis"),
    Policy("shift_jis/whatwg", "cp932", swap=_JIS, eats=_WEB, lacks="&#{};"),
    Policy("cp932/java", "cp932", swap=_JIS | {"\x80": LOST}, eats=_JAVA),
    _WINDOWS_932,
    replace(_WINDOWS_932, name="cp932/windows-fffd", mark=LOST),
    replace(_WINDOWS_932, name="cp932/windows-question", mark="?"),
    # 45 damages of a public repository, the program unknown: all from 80 that is no kana leads, and swallows.
    Policy("shift_jis/swallow", "shift_jis", "cp932", {}, _WAVES, LOST, rb"[\x80-\xa0\xe0-\xff]."),
    Policy("cp949/cpython", "cp949"),  # and iconv-lite
    Policy("euc-kr/cpython", "euc_kr", tail=(b"\xa4", b"\xd4", *[ANY] * 5), wide=True),
    Policy("euc-kr/whatwg", "cp949", eats=_WEB, lacks="&#{};"),
    Policy("cp949/java", "cp949", "cp949", eats=LEAD + rb"[\x80\xff]"),
    _WINDOWS_949,
    replace(_WINDOWS_949, name="cp949/windows-fffd", mark=LOST),
    Policy("euc-jp/cpython", "euc_jp", tail=(b"\x8f", ANY), wide=True),
)
