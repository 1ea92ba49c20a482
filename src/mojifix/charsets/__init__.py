"""How text is written as bytes, and how real programs read them, loss included.

`CHARSETS` is what text was written in. `POLICIES` has a `Reader` for each program and charset: it reads (`decode`),
writes (`encode`), and goes backward, from what was seen to the bytes that may have been read (`pattern`).
"""

from mojifix.charsets.form import NUMBER, Form
from mojifix.charsets.gbk import GBK
from mojifix.charsets.hanzi import HANZI
from mojifix.charsets.latin import LATIN
from mojifix.charsets.mended import Mended
from mojifix.charsets.mixed import Mixed
from mojifix.charsets.pattern import ANY, LOST, Arc, Arcs, Costs, Graph, Hole, Pattern, Ways, covers
from mojifix.charsets.policy import Policy
from mojifix.charsets.reader import Reader
from mojifix.charsets.sure import sure, utf8_in_gbk
from mojifix.charsets.tables import DIGITS, LEADS
from mojifix.charsets.utf8 import Cut, Utf8
from mojifix.charsets.written import CHARSETS, Charset

# The programs through which text is turned back. For a byte they lost most of them write "?".
_INNER = (
    "cp936/windows", "cp936/icu", "gbk/cpython", "gbk/java", "gbk/whatwg", "gbk/iconv-lite",
    "gb18030/cpython", "cp1252/cpython",
)  # fmt: skip
_MENDED = (Mended(row) for row in (*GBK, *LATIN) if row.name in _INNER)

_FORMS = (Form(row) for row in GBK if row.name == "gbk/whatwg")

POLICIES: dict[str, Reader] = {
    reader.name: reader for reader in (*GBK, *HANZI, *LATIN, *_FORMS, Utf8(), Cut(), *_MENDED)
}

__all__ = [
    "ANY", "CHARSETS", "DIGITS", "GBK", "HANZI", "LATIN", "LEADS", "LOST", "NUMBER", "POLICIES", "Arc", "Arcs",
    "Charset", "Costs", "Cut", "Form", "Graph", "Hole", "Mended", "Mixed", "Pattern", "Policy", "Reader", "Utf8",
    "Ways", "covers", "sure", "utf8_in_gbk",
]  # fmt: skip
