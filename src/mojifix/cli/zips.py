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

from mojifix.cli.replacing import Replacement
from mojifix.cli.saying import Trouble

UTF8 = 0x800
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
#: of archives that are larger: the record before the last one, and the one that says where that is
_END64, _PLACE64 = struct.Struct("<4sQ2H2I4Q"), struct.Struct("<4sIQI")
#: a field of four bytes that is too small, and the extra field that has the value then
_MOST, _LARGE = 0xFFFFFFFF, 1
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
    extra: bytes
    comment: bytes
    offset: int

    def entry(self, name: Name, offset: int) -> bytes:
        """What stands in the directory, with another name and place."""
        fields, extra = [*self.central], self.extra
        fields[3], fields[10] = _flags(fields[3], name), len(name.data)
        if at := _large(self.central, extra):
            extra = extra[:at] + struct.pack("<Q", offset) + extra[at + 8 :]
        else:
            fields[16] = offset
        return _CENTRAL.pack(b"PK\1\2", *fields[1:]) + name.data + extra + self.comment


def names(path: str) -> list[Name]:
    """The names of an archive in the order of its directory."""
    return [member.name for member in _members(path)[0]]


def rename(path: str, changed: Mapping[int, Name]) -> None:
    """Give members, numbered as in `names`, other names. The archive is replaced whole or not at all."""
    try:
        _rename(path, changed)
    except struct.error:  # a field is too small for what moved up
        raise Trouble(f"{path}: would be of more than 4 GB, and is not built for it; pack it anew") from None


def _rename(path: str, changed: Mapping[int, Name]) -> None:
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
            entry = member.entry(changed.get(number, member.name), moved[number])
            out.write(entry)
            at += len(entry)
        out.write(_ended(end, directory, at))
        out.commit()


def _ended(end: bytes, start: int, stop: int) -> bytes:
    """The records behind a directory that now begins and ends elsewhere."""
    large, last = _split(end)
    if large:
        record, place = [*_END64.unpack(large[: _END64.size])], [*_PLACE64.unpack(large[-_PLACE64.size :])]
        record[8:10], place[2] = [stop - start, start], stop
        large = _END64.pack(*record) + large[_END64.size : -_PLACE64.size] + _PLACE64.pack(*place)
    fields = [*_END.unpack(last[: _END.size])]
    fields[5:7] = [old if old == _MOST else new for old, new in zip(fields[5:7], (stop - start, start), strict=True)]
    return large + _END.pack(*fields) + last[_END.size :]


def _split(end: bytes) -> tuple[bytes, bytes]:
    """What stands behind a directory: the records of a large archive, if it is one, and the last record."""
    at = 0
    if end[:4] == b"PK\6\6" and len(end) >= _END64.size + _PLACE64.size:
        at = 12 + _END64.unpack(end[: _END64.size])[1] + _PLACE64.size
    return end[:at], end[at:]


def _large(central: tuple[int, ...], extra: bytes) -> int:
    """Where in the extra fields the place of a member stands, if its own field is too small; else 0."""
    at = 0
    while central[16] == _MOST and at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == _LARGE:
            return at + 4 + 8 * ((central[9] == _MOST) + (central[8] == _MOST))  # the sizes come first
        at += 4 + size
    return 0


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
            extra, comment = file.read(central[11]), file.read(central[12])
            large = _large(central, extra)
            offset = struct.unpack_from("<Q", extra, large)[0] if large else central[16]
            found.append(_Member(central, name, extra, comment, offset))
        end = file.read()
    large_end, last = _split(end)
    usual = last[:4] == b"PK\5\6" and len(last) >= _END.size and large_end[-_PLACE64.size :][:4] in (b"", b"PK\6\7")
    if not usual or start != (_END64.unpack_from(large_end)[9] if large_end else _END.unpack_from(last)[6]):
        raise Trouble(f"{path}: is not built as usual, or follows a program; unpack it and repair the files")
    return found, start, end


def _copy(source: IO[bytes], out: Replacement, start: int, end: int) -> int:
    source.seek(start)
    left = end - start
    while left > 0 and (data := source.read(min(COPY, left))):
        out.write(data)
        left -= len(data)
    return end - start


def named_so(path: str) -> bool:
    return os.path.splitext(path)[1].lower() == ".zip"


def is_zip(path: str) -> bool:
    return named_so(path) and zipfile.is_zipfile(path)
