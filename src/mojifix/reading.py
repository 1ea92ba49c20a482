r"""How bytes are read, as plain data: which of them in which encoding.

>>> reading = Reading((Part(0, 4, "gb18030"), Part(4, 7, "utf-8")))
>>> reading.text("中文".encode("gbk") + "字".encode())
'中文字'
>>> Reading((Part(0, 4, "gb18030"),), ("quoted-printable",)).text(b"=D6=D0=CE=C4")
'中文'

What an encoding cannot read stays as `errors="surrogateescape"` has it, U+DC80 and more, for the steps of a plan to
replace; so nothing is lost. Bytes between two parts are left out.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mojifix.checked import items, short

#: seven bits of each byte of GB 2312, the high ones cleared on the way
SEVEN = "gb2312 without its high bits"
#: the euro alone among the single bytes of Windows-936, which "gb18030" of CPython lacks
EURO = "cp936"


@dataclass(frozen=True, slots=True)
class Part:
    """`data[start:end]` is read in `encoding`: a codec of Python, "euc-tw", or one named in this module."""

    start: int
    end: int
    encoding: str

    def text(self, data: bytes) -> str:
        """Its characters. Bytes that it cannot read become single surrogates, or stay if they are ASCII."""
        return decoded(data[self.start : self.end], self.encoding)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is undone before (see `ESCAPES`), and then the parts, sorted, of the bytes that this leaves."""

    parts: tuple[Part, ...]
    undo: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.undo:
            if name not in ESCAPES:
                raise ValueError(f"undo must be of {', '.join(ESCAPES)}, not {name!r}")
        end = 0
        for part in self.parts:
            if not end <= part.start <= part.end:
                raise ValueError(f"the parts of a reading are sorted and apart, but one starts at {part.start}")
            end = part.end

    def raw(self, data: bytes) -> bytes:
        """The bytes that the parts are of."""
        for name in self.undo:
            data = ESCAPES[name](data)
        return data

    def text(self, data: bytes) -> str:
        """What the bytes say."""
        data = self.raw(data)
        if self.parts and self.parts[-1].end > len(data):
            raise ValueError(
                f"this plan belongs to other bytes: it reads {self.parts[-1].end} of them, but these are {len(data)}"
            )
        return "".join([part.text(data) for part in self.parts])

    def data(self) -> dict[str, Any]:
        """As it stands in the JSON of a plan."""
        return {"undo": [*self.undo], "parts": [[part.start, part.end, part.encoding] for part in self.parts]}

    @classmethod
    def from_data(cls, data: object) -> Reading:
        """Read what `data` gave, or raise a ValueError that says what is wrong with it."""
        undo = tuple(str(name) for _, name in items(data, "undo", "the reading"))
        return cls(tuple(_read_part(part, number) for number, part in items(data, "parts", "the reading")), undo)


def _read_part(data: object, number: int) -> Part:
    if not isinstance(data, list) or [type(item) for item in data] != [int, int, str]:
        raise ValueError(f"not a plan: part {number} is {short(data)}, but should be [start, end, encoding]")
    try:
        decoded(b"a", data[2])
    except LookupError:
        raise ValueError(f"not a plan: part {number} is in {data[2]!r}, which is no encoding") from None
    return Part(*data)


def decoded(data: bytes, encoding: str) -> str:
    """The text of bytes; what cannot be read as `Part.text` has it."""
    if encoding == "euc-tw":
        return _euc_tw(data, KEEP)
    if encoding == EURO:
        return data.replace(b"\x80", "€".encode("gb18030")).decode("gb18030", KEEP)
    if encoding == SEVEN:
        return bytes([value | 0x80 for value in data]).decode("gb2312", KEEP)
    return data.decode(encoding, KEEP)


def strict(data: bytes, encoding: str) -> str | None:
    """The text of bytes if all of them are text."""
    try:
        return _euc_tw(data, "strict") if encoding == "euc-tw" else data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _euc_tw(data: bytes, errors: str) -> str:
    from mojifix.charsets import euc_tw

    return euc_tw.decode(data, errors)


def _keep(error: UnicodeError) -> tuple[str, int]:
    """As "surrogateescape", which raises where a byte that fits nowhere is ASCII: in UTF-16, and in ISO-2022."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join([chr(value if value < 0x80 else 0xDC00 + value) for value in bad]), error.end


#: the name of the error handler
KEEP = "mojifix:keep"
codecs.register_error(KEEP, _keep)


# What hides bytes in ASCII -------------------------------------------------------------------------------------------

_UNITS = rb"(?:\\u[0-9A-Fa-f]{4})+"
_BACKSLASH = re.compile(rb"\\x([0-9A-Fa-f]{2})|\\([0-3][0-7]{2})|(" + _UNITS + rb")|\\U([0-9A-Fa-f]{8})")


def _backslash(found: re.Match[bytes]) -> bytes:
    value, octal, units, code = found.groups()
    if value or octal:
        return bytes((int(value, 16) if value else int(octal, 8),))
    if code:
        return chr(int(code, 16)).encode("utf-8", "surrogatepass") if int(code, 16) < 0x110000 else found[0]
    pairs = b"".join(int(unit, 16).to_bytes(2, "big") for unit in units.split(b"\\u")[1:])
    return pairs.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")


#: Ways in which programs write bytes beyond ASCII, and "crlf", what they do to those that look like a line end, and
#: "nul", what a disk or a buffer puts between them. A "\\u4e2d" is a character, and becomes UTF-8; a "+" of a form
#: stays, for a path may have one.
ESCAPES: dict[str, Callable[[bytes], bytes]] = {
    "quoted-printable": binascii.a2b_qp,
    "percent": lambda data: re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes((int(found[1], 16),)), data),
    "backslash": lambda data: _BACKSLASH.sub(_backslash, data),
    "crlf": lambda data: data.replace(b"\r\n", b"\n"),
    "nul": lambda data: data.replace(b"\0", b""),
}
