"""How programs read GBK: one row per charset and decoder policy.

All programs agree about 21,791 of the 23,940 pairs of a lead byte 81-FE and a trail byte 40-7E or 80-FE. Unless a row
says otherwise it was compared with the program over all pairs from 8000 to FFFF and 12,000 byte strings.
"""

from __future__ import annotations

from dataclasses import replace

from mojifix.charsets.pattern import ANY, LOST
from mojifix.charsets.policy import Policy
from mojifix.charsets.tables import DIGITS, LEAD, LEADS

_EURO = {b"\x80": "€"}
_WINDOWS = {b"\x80": "€", b"\xff": "\uf8f5"}
_GO = _EURO | {b"\xa3\xa0": "\u3000"}
# The WHATWG index is CPython's gb18030 but for A8BC, which trades places with 8135F437, and A3A0, a second wide space.
_INDEX = {"\ue7c7": "\u1e3f", "\u1e3f": "\ue7c7", "\ue5e5": "\u3000"}
_HIGH = LEAD + rb"[\x80-\xff]"
_BROWSER = Policy("gbk/whatwg", "gb18030", "", _EURO, _INDEX, LOST, _HIGH, (LEADS, DIGITS, LEADS), "&#{};")

GBK = (
    # CPython, errors="replace" and "ignore". Its gbk has neither the euro nor the user areas.
    Policy("gbk/cpython"),
    Policy("gbk/cpython-ignore", mark="", lacks=""),
    Policy("gb2312/cpython", "gb2312"),
    Policy("gb18030/cpython", "gb18030", tail=(ANY[0x80:], DIGITS, ANY), wide=True),  # even 80 and FF lead
    # Browsers, encoding_rs to 0.8.32 (from the standard): one decoder for both labels, and two encoders.
    _BROWSER,
    replace(_BROWSER, name="gb18030/whatwg", lacks="?", wide=True),
    # ICU, uconv, PHP intl, TextDecoder("gbk") of Node 20, Perl (which drops a lone lead at the end).
    Policy("cp936/icu", "gbk", "cp936", _WINDOWS),
    # The same, cleaned of private-use characters afterwards.
    Policy("cp936/cleaned", "gbk", "", _EURO | {b"\xff": ""}, hides="cp936"),
    Policy("gbk/java", "gbk", "cp936", {b"\xa2\xe3": "€"}, {"\u2295": "\u2641"}, eats=LEAD + rb"\xff"),
    Policy("cp936/java", "gbk", "cp936", _EURO, eats=LEAD + rb"\xff"),  # x-mswin-936, MS936
    Policy("gb2312/java", "gb2312", eats=rb"[\xa1-\xa9\xb0-\xf7][\x80-\xa0\xaa-\xaf\xf8-\xff]"),
    Policy("gbk/go", "gbk", "go", _GO, eats=LEAD + rb"[\x40-\x7e\x80-\xfe]", lacks="\x1a"),  # x/text, from its source
    Policy("gbk/iconv-lite", "gbk", "gb18030", _GO | {b"\xa8\xbc": "\u1e3f"}),  # VS Code, most npm tools
    # PHP 8.2 mb, and by their sources Windows and .NET (less the best fit of their encoders). The mark can be set.
    Policy("cp936/windows", "gbk", "cp936", _WINDOWS, mark="?", eats=LEAD + rb"."),
    Policy("cp936/windows-fffd", "gbk", "cp936", _WINDOWS, eats=LEAD + rb"."),
    Policy("gbk/glibc", "gbk", "", _EURO, mark="", eats=rb"[\x81-\xfd][\x40-\xff]|\xfe[\x40-\xa0\xff]", lacks=""),
)
