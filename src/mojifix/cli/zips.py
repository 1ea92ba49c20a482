"""Names in zip archives. Only they are rewritten; what is packed is copied as it is, encrypted or not.

A name is bytes and a flag that says that they are UTF-8. Without the flag it is in the code page of whoever packed:
GBK from a Chinese Windows, which every other program shows as code page 437.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Mapping
from typing import IO, NamedTuple

from mojifix.cli.files import Replacement
from mojifix.cli.saying import Trouble

UTF8 = 0x800
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_MOST = 0xFFFFFFFF
#: bytes that are copied at a time
COPY = 1 << 20


class Name(NamedTuple):
    """A name as it is written."""

    data: bytes
    utf8: bool

    @property
    def shown(self) -> str:
        """As programs show it."""
        return self.data.decode("utf-8" if self.utf8 else "cp437", "surrogateescape")


class _Member(NamedTuple):
    central: tuple[int, ...]
    name: Name
    rest: bytes
    offset: int


def names(path: str) -> list[Name]:
    """The names of an archive in the order of its directory."""
    return [member.name for member in _members(path)[0]]


def rename(path: str, changed: Mapping[int, Name]) -> None:
    """Give members, numbered as in `names`, other names. The archive is replaced whole or not at all."""
    members, start, end = _members(path)
    places = sorted((member.offset, number) for number, member in enumerate(members))
    moved = {}
    with Replacement(path, times=True) as out:
        with open(path, "rb") as source:
            at = _copy(source, out, 0, places[0][0] if places else start)
            for (offset, number), after in zip(places, [*(place for place, _ in places[1:]), start], strict=True):
                source.seek(offset)
                header = [*_LOCAL.unpack(source.read(_LOCAL.size))]
                old = source.read(header[9])
                if header[0] != b"PK\3\4" or old != members[number].name.data:
                    raise Trouble(f"{path}: is not built as usual; pack it anew, and repair the names before that")
                name = changed.get(number, members[number].name)
                header[2], header[9] = _flags(header[2], name), len(name.data)
                moved[number] = at
                out.write(_LOCAL.pack(*header) + name.data)
                at += _LOCAL.size + len(name.data) + _copy(source, out, offset + _LOCAL.size + len(old), after)
        directory = at
        for number, member in enumerate(members):
            central, name = [*member.central], changed.get(number, member.name)
            central[3], central[10], central[16] = _flags(central[3], name), len(name.data), moved[number]
            entry = _CENTRAL.pack(b"PK\1\2", *central[1:]) + name.data + member.rest
            out.write(entry)
            at += len(entry)
        fields = [*_END.unpack(end[: _END.size])]
        fields[5:7] = [at - directory, directory]
        out.write(_END.pack(*fields) + end[_END.size :])
        out.commit()


def _flags(flags: int, name: Name) -> int:
    return flags | UTF8 if name.utf8 else flags & ~UTF8


def _members(path: str) -> tuple[list[_Member], int, bytes]:
    """The directory of an archive, where it begins, and the record behind it."""
    try:
        with zipfile.ZipFile(path) as archive:
            start, number = archive.start_dir, len(archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Trouble(f"{path}: is not a zip archive, or damaged ({error})") from None
    found = []
    with open(path, "rb") as file:
        file.seek(start)
        for _ in range(number):
            central = _CENTRAL.unpack(file.read(_CENTRAL.size))
            name = Name(file.read(central[10]), bool(central[3] & UTF8))
            found.append(_Member(central, name, file.read(central[11] + central[12]), central[16]))
        end = file.read()
    fields = _END.unpack(end[: _END.size]) if end[:4] == b"PK\5\6" and len(end) >= _END.size else None
    large = any(_MOST in (member.central[8], member.central[9], member.offset) for member in found)
    if fields is None or fields[6] != start or large:
        raise Trouble(f"{path}: is of more than 4 GB, or follows a program; unpack it and repair the files")
    return found, start, end


def _copy(source: IO[bytes], out: Replacement, start: int, end: int) -> int:
    source.seek(start)
    left = end - start
    while left > 0 and (data := source.read(min(COPY, left))):
        out.write(data)
        left -= len(data)
    return end - start


def is_zip(path: str) -> bool:
    return os.path.splitext(path)[1].lower() == ".zip" and zipfile.is_zipfile(path)
