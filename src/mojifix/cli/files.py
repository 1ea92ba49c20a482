"""Files in and out: blocks of text of any file in bounded memory, and files that are replaced whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from io import BufferedIOBase
from types import TracebackType
from typing import IO

from mojifix.cli.saying import Trouble, reason

#: bytes that are read at a time, and characters in which a text is repaired that is longer: a page and every file that
#: a person wrote are one block, so that what is found in one place helps in all others
READ, BLOCK = 1 << 20, 1 << 22
#: blocks after which a line that does not end is cut
LONGEST = 4
#: an encoding that is found out; what is written is UTF-8
AUTO = "auto"
_STRAY = re.compile("[\udc80-\udcff]")


def label(name: str) -> str:
    return "standard input" if name == "-" else name


@contextlib.contextmanager
def opened(name: str) -> Iterator[BufferedIOBase | IO[bytes]]:
    """A file, or standard input for `-`, open for reading; what goes wrong with it is a `Trouble`."""
    with contextlib.ExitStack() as stack:
        try:
            if name != "-":
                file: BufferedIOBase | IO[bytes] = stack.enter_context(open(name, "rb"))
                file.peek(1) if hasattr(file, "peek") else None  # a directory or a bad disk shows itself now
            elif sys.stdin is None:
                raise Trouble("standard input: it is closed; name a FILE or pipe a text in")
            else:
                file = sys.stdin.buffer
        except FileNotFoundError:
            raise Trouble(f"{name}: no such file; check the name and the folder") from None
        except IsADirectoryError:
            raise Trouble(f"{name}: is a directory; add --in-place or --diff, or name files: {name}/*.txt") from None
        except PermissionError:
            raise Trouble(f"{name}: you may not read it; change its permissions or ask its owner") from None
        except (OSError, ValueError) as error:
            raise Trouble(f"{label(name)}: cannot be read ({reason(error)}); check the name and the disk") from None
        yield file


def read(file: BufferedIOBase | IO[bytes], name: str, encoding: str | None, notes: list[str]) -> Iterator[str]:
    """The text of a file in blocks of whole lines. This is the place where bytes become text, and there is no other.

    What the encoding has no character for is carried through as surrogates, which `Encoder` writes back as bytes.
    """
    if encoding == AUTO:
        yield from _unknown(b"".join(_data(file, name)), label(name), notes)
        return
    make = codec(name, encoding).incrementaldecoder
    assert make, "every encoding of text has one"
    decoder = make("surrogateescape")
    before, text = 0, ""
    for data in _data(file, name):
        begin = before - len(decoder.getstate()[0])  # what it kept of the last data
        try:
            more = decoder.decode(data, final=not data)
        except UnicodeError as error:  # UTF-16 without its mark is not one of decoding
            where = f" at byte {begin + error.start}" if isinstance(error, UnicodeDecodeError) else ""
            why = getattr(error, "reason", error)
            raise Trouble(
                f"{label(name)}: is not {encoding} ({why}{where}); name its encoding with --encoding"
            ) from None
        if stray := not notes and _STRAY.search(more):
            at = begin + len(more[: stray.start()].encode(encoding or "utf-8", "surrogateescape"))
            notes.append(
                f"{label(name)}: not {(encoding or 'utf-8').upper()} at byte {at} (0x{ord(stray[0]) - 0xDC00:02x}); "
                "such bytes are kept as they are, name another encoding if it has one (--encoding gb18030)"
            )
        before += len(data)
        text += more
        while len(text) >= BLOCK:
            end = text.rfind("\n") + 1 or (len(text) if len(text) >= LONGEST * BLOCK else 0)
            if not end:
                break
            yield text[:end]
            text = text[end:]
    if text:
        yield text


def _unknown(data: bytes, where: str, notes: list[str]) -> Iterator[str]:
    """Bytes of unknown encoding, each part of them read in its own."""
    from mojifix.rawbytes import explain

    repair = explain(data, guess="never", script="keep", errors="surrogateescape")
    if repair.encoding not in (None, "utf-8", "ascii"):
        notes.append(f"{where}: read as {repair.encoding}")
    if repair.plan.reading:
        yield repair.plan.reading.text(data)


def _data(file: BufferedIOBase | IO[bytes], name: str) -> Iterator[bytes]:
    """The bytes of a file, and an empty end."""
    data = b"start"
    while data:
        try:
            data = file.read(READ)
        except OSError as error:
            raise Trouble(f"{label(name)}: cannot be read ({reason(error)}); check the name and the disk") from None
        yield data


def codec(name: str, encoding: str | None) -> codecs.CodecInfo:
    try:
        "a".encode(encoding or "utf-8")  # not each codec is one of text
        return codecs.lookup(encoding or "utf-8")
    except LookupError:
        raise Trouble(
            f"{label(name)}: there is no encoding {encoding!r}; https://docs.python.org/3/library/codecs.html names all"
        ) from None


class Encoder:
    """Text as bytes, block by block. Line ends become `newline`, or stay."""

    def __init__(self, name: str, encoding: str | None, newline: str) -> None:
        self._name, self._encoding = name, "utf-8" if encoding in (None, AUTO) else encoding
        make = codec(name, self._encoding).incrementalencoder
        assert make, "every encoding of text has one"
        self._encoder = make("surrogateescape")
        self._newline = {"keep": None, "lf": "\n", "crlf": "\r\n"}[newline]

    def __call__(self, text: str) -> bytes:
        if self._newline:
            text = re.sub("\r\n?|\n", self._newline, text)
        try:
            data: bytes = self._encoder.encode(text)
        except UnicodeEncodeError as error:
            raise Trouble(
                f"{label(self._name)}: {self._encoding} has no {text[error.start]!r}; nothing was changed, "
                "choose another encoding for the result (--output-encoding utf-8)"
            ) from None
        return data


class Replacement:
    """A file to be: written beside its target, and in its place when it is whole (`commit`), or gone.

    What is written first is kept until more comes, or the end: most files are small and undamaged, and need no other.
    """

    def __init__(self, name: str, *, times: bool = False, backup: str = "") -> None:
        self._name, self._times, self._backup = name, times, backup
        self._target = os.path.realpath(name)
        self._first: bytes | None = None
        self._temporary = ""
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Replacement:
        with self._trouble():
            try:
                self._old: os.stat_result | None = os.stat(self._target)
            except FileNotFoundError:
                self._old = None
            if self._old is not None and stat.S_ISDIR(self._old.st_mode):
                raise Trouble(f"{self._name}: is a directory; give -o the name of a file")
        return self

    def write(self, data: bytes) -> None:
        if self._first is None:
            self._first = data
        else:
            with self._trouble():
                self._opened().write(data)

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            if self._old is not None and not os.access(self._target, os.W_OK):
                raise Trouble(
                    f"{self._name}: is write-protected; nothing was written, change its permissions or the name"
                )
            flags = os.O_WRONLY | getattr(os, "O_BINARY", 0)
            if self._old is None or stat.S_ISREG(self._old.st_mode):  # a pipe or a device cannot be replaced
                self._temporary = f"{os.path.dirname(self._target)}{os.sep}.mojifix-{os.urandom(6).hex()}.tmp"
                flags |= os.O_CREAT | os.O_EXCL
            self._file = os.fdopen(os.open(self._temporary or self._target, flags, 0o666), "wb")
            self._file.write(self._first or b"")
        return self._file

    def commit(self) -> None:
        with self._trouble():
            file = self._opened()
            file.flush()
            if self._temporary:
                os.fsync(file.fileno())
                file.close()
                if self._old is not None:
                    self._as_it_was(self._old)
                if self._backup:
                    self._keep()
                os.replace(self._temporary, self._target)
                self._temporary = ""

    def _as_it_was(self, old: os.stat_result) -> None:
        if hasattr(os, "chown"):
            with contextlib.suppress(OSError):  # only root may give a file away
                os.chown(self._temporary, old.st_uid, old.st_gid)
        if self._times:
            shutil.copystat(self._target, self._temporary)
        os.chmod(self._temporary, stat.S_IMODE(old.st_mode))

    def _keep(self) -> None:
        kept = self._target + self._backup
        try:
            os.link(self._target, kept)
        except FileExistsError:
            raise Trouble(f"{kept}: exists already, and {self._name} was not changed; choose another suffix") from None
        except OSError:  # no links on this file system
            shutil.copy2(self._target, kept)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._file and self._file.close()
        if self._temporary:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise Trouble(f"{self._name}: its folder does not exist; create it or give another name") from None
        except PermissionError:
            raise Trouble(f"{self._name}: you may not write into its folder; give another name") from None
        except (OSError, ValueError) as error:
            raise Trouble(
                f"{self._name}: cannot be written ({reason(error)}); nothing was changed, give another name"
            ) from None
