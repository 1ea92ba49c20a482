"""Readers of single bytes: the charsets of the West, of Russia, Greece and DOS.

UTF-8 and GBK that pass through one of them lose nothing but the bytes it has no character for. Browsers make those the
C1 controls of the same number, CPython and Java U+FFFD, PHP "?".
"""

from __future__ import annotations

from collections.abc import Iterator

from mojifix.charsets.mixed import Mixed
from mojifix.charsets.policy import Policy


def _rows(name: str, codec: str) -> Iterator[Policy]:
    yield Policy(f"{name}/whatwg", codec, "c1", lacks="&#{};", family="latin")
    yield Policy(f"{name}/cpython", codec, family="latin")
    yield Policy(f"{name}/php", codec, mark="?", family="latin")


_C1 = map(chr, range(0x80, 0xA0))

LATIN = (
    Policy("latin-1", "latin-1", family="latin"),
    # The same, cleaned of control characters afterwards, which is what half of the bytes were that go on.
    Policy("latin-1/cleaned", "latin-1", swap=dict.fromkeys(_C1, ""), mark="", often=2, family="latin"),
    *_rows("cp1252", "cp1252"),
    # errors="ignore", or browsers and then a cleaner that removes control characters.
    Policy("cp1252/ignore", "cp1252", mark="", lacks="", family="latin"),
    # A no-break space that an editor, a browser or a form made a space: "ä½ " is 你.
    Policy("cp1252/spaces", "cp1252", "c1", swap={"\xa0": " "}, lacks="&#{};", family="latin"),
    *_rows("cp1250", "cp1250"),
    # The soft hyphen, which cleaners remove and pages do not show, is a part of every "í".
    *(
        Policy(f"{page}/hyphens", page, "c1", swap={"\xad": ""}, mark="", lacks="&#{};", family="latin")
        for page in ("cp1252", "cp1250")
    ),
    *_rows("cp1251", "cp1251"),
    *_rows("cp1253", "cp1253"),
    *_rows("iso8859-7", "iso8859-7"),
    Policy("iso8859-2", "iso8859-2", family="latin"),
    # Names in zip files, and old consoles.
    Policy("cp437", "cp437", family="latin"),
    Policy("cp850", "cp850", family="latin"),
    Policy("cp866", "cp866", family="latin"),
    Policy("koi8-r", "koi8-r", family="latin"),
    Policy("mac-roman", "mac-roman", family="latin"),
    # Latin-1 or cp1252 that ftfy, or who makes text of PDF, took for UTF-8 here and there.
    Mixed("latin-1/mixed", "latin-1", wide=True, family="latin"),
    Mixed("cp1252/mixed", "cp1252", "c1", wide=True, family="latin"),
)
