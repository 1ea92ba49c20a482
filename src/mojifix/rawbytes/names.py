r"""Names of files, as archives, file systems and URLs have them.

A zip archive says by one bit whether a name is UTF-8; without it Python reads cp437, and what wrote the name was a
Chinese Windows, or a program that forgot the bit. A file system gives bytes, which Python carries as single surrogates
where they are not UTF-8. A URL writes them as %XX.

>>> name("中文.txt".encode("gbk").decode("cp437"))
'中文.txt'
>>> name("中文.txt".encode("gbk").decode("utf-8", "surrogateescape"))
'中文.txt'
>>> name("/%D6%D0%CE%C4/%E4%B8%AD%E6%96%87.txt", percent=True)
'/中文/中文.txt'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mojifix.rawbytes.candidates import UTF8
from mojifix.rawbytes.front import decode
from mojifix.rawbytes.languages import ABC, JA, KO, ZH, least
from mojifix.rawbytes.votes import vote
from mojifix.reading import strict

if TYPE_CHECKING:
    from zipfile import ZipInfo

#: the bit of a zip archive that says "this name is UTF-8"
UTF8_FLAG = 0x800
#: bits against bytes read as cp437 on the way: what names are made of otherwise
CP437 = 6.0
_ESCAPED = re.compile("[\udc80-\udcff]")
_HIGH = re.compile("[^\x00-\x7f]")
_LONGER = re.compile("[\u0800-\U0010ffff]")


def name(source: str | bytes | ZipInfo, *, percent: bool = False) -> str:
    """The name that was meant.

    `source` is the bytes; or a `str` as `os.fsdecode`, `os.listdir`, `tarfile` and `zipfile` give it; or a `ZipInfo`,
    whose flag is believed. With `percent`, %XX are bytes. A name that is right comes back as it is.
    """
    if isinstance(source, (bytes, bytearray)):
        return _path(bytes(source), percent)
    if not isinstance(source, str):
        if source.flag_bits & UTF8_FLAG:
            return source.filename
        source = source.filename
    if percent or _ESCAPED.search(source):
        return _path(source.encode("utf-8", "surrogateescape"), percent)
    if _HIGH.search(source):
        try:
            data = source.encode("cp437")
        except UnicodeEncodeError:  # two bytes a character: 图片 in GBK is ͼƬ in UTF-8
            return source if _LONGER.search(source) else _path(source.encode(), percent)
        return _cp437(source, data)
    return source


def _path(data: bytes, percent: bool) -> str:
    """Each part of a path may be in an encoding of its own."""
    undo = "percent" if percent else ()
    return "/".join(decode(part, undo=undo, errors="surrogateescape") for part in data.split(b"/"))


def _cp437(source: str, data: bytes) -> str:
    """A name that may have been read as cp437: what it is otherwise, if that is likelier."""
    rows = {UTF8: 0.0} | vote(data)
    ways = ((row.cost(data) + row.bits + bits + CP437, row) for row, bits in rows.items())
    readable = [(bits, row) for bits, row in ways if strict(data, row.name) is not None]
    if not readable:
        return source
    bits, row = min(readable)
    return (strict(data, row.name) or source) if bits < least(source, f"{ABC} {ZH} {JA} {KO}") else source
