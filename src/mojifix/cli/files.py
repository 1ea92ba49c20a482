"""Bytes become text, and text bytes: any file in bounded memory; line ends, marks and stray bytes stay as found."""

from __future__ import annotations

import codecs
import contextlib
import lzma
import re
import sys
import zlib
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from gzip import BadGzipFile
from io import BufferedIOBase
from typing import IO, BinaryIO, cast

from mojifix.cli.saying import Trouble, reason

#: bytes that are read at a time, and characters in which a text is repaired that is longer: a page and nearly every
#: file that a person wrote are one block, so that what is found in one place helps in all others. (In blocks of four
#: million a file of 1 GB took 509 MB in two processes, in blocks of one million 300 MB took 199)
READ, BLOCK = 1 << 20, 1 << 20
#: blocks after which a line that does not end is cut
LONGEST = 16
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
            raise Trouble(f"{name}: is a directory; name a file, or repair all in it: mojifix fix --in-place") from None
        except PermissionError:
            raise Trouble(f"{name}: you may not read it; change its permissions or ask its owner") from None
        except (OSError, ValueError) as error:
            raise Trouble(f"{label(name)}: cannot be read ({reason(error)}); check the name and the disk") from None
        yield file


def read(file: BufferedIOBase | IO[bytes], name: str, encoding: str | None, notes: list[str]) -> Iterator[str]:
    """The text of a file in blocks of whole lines, as long as what is found in one place of it helps in others."""
    text = ""
    for piece in pieces(file, name, encoding, notes):
        text += piece
        while len(text) >= BLOCK:
            end = text.rfind("\n") + 1 or (len(text) if len(text) >= LONGEST * BLOCK else 0)
            if not end:
                break
            yield text[:end]
            text = text[end:]
    if text:
        yield text


def pieces(file: BufferedIOBase | IO[bytes], name: str, encoding: str | None, notes: list[str]) -> Iterator[str]:
    """The text of a file as it comes. This is the place where bytes become text, and there is no other.

    What the encoding has no character for is carried through as surrogates, which `Encoder` writes back as bytes.
    """
    if encoding == AUTO:
        yield from _unknown(file, name, notes)
        return
    make = codec(name, encoding).incrementaldecoder
    assert make, "every encoding of text has one"
    decoder = make("surrogateescape")
    before = 0
    for data in _data(file, name):
        begin = before - len(decoder.getstate()[0])  # what it kept of the last data
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeError as error:  # UTF-16 without its mark is not one of decoding
            where = f" at byte {begin + error.start}" if isinstance(error, UnicodeDecodeError) else ""
            why = getattr(error, "reason", error)
            raise Trouble(
                f"{label(name)}: is not {encoding} ({why}{where}); name its encoding with --encoding"
            ) from None
        if stray := not notes and _STRAY.search(text):
            at = begin + len(text[: stray.start()].encode(encoding or "utf-8", "surrogateescape"))
            where = f"byte {at} (0x{ord(stray[0]) - 0xDC00:02x})"
            notes.append(
                f"{label(name)}: not {(encoding or 'utf-8').upper()} at {where}; such "
                "bytes are kept; name another encoding if it has one (--encoding gb18030), or --encoding auto"
            )
        before += len(data)
        yield text


def _unknown(file: BufferedIOBase | IO[bytes], name: str, notes: list[str]) -> Iterator[str]:
    """Bytes of unknown encoding, each line of them read in its own, and nothing else done to them."""
    from mojifix.rawbytes import unrepaired

    seen: Counter[str] = Counter()
    with reading(name):
        if peek(file, 3) == BOM_UTF8:
            yield "\ufeff"
        yield from unrepaired(cast(BinaryIO, file), seen)
    if {*seen} - {"utf-8", "ascii"}:
        notes.append(f"{label(name)}: read as {', '.join(encoding for encoding, _ in seen.most_common())}")


def _data(file: BufferedIOBase | IO[bytes], name: str) -> Iterator[bytes]:
    """The bytes of a file, and an empty end."""
    data = b"start"
    while data:
        with reading(name):
            data = file.read(READ)
        yield data


@contextlib.contextmanager
def reading(name: str) -> Iterator[None]:
    """What goes wrong with a file, or with what packed it, is a `Trouble`."""
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError, BadGzipFile) as error:
        raise Trouble(f"{label(name)}: cannot be read ({error}); is it damaged, or cut?") from None
    except OSError as error:
        raise Trouble(f"{label(name)}: cannot be read ({reason(error)}); check the name and the disk") from None


def peek(file: BufferedIOBase | IO[bytes], size: int) -> bytes:
    """The first bytes of a file that has not been read yet; nothing where it cannot be known."""
    look = getattr(file, "peek", None)
    return bytes(look(size)[:size]) if look else b""


def told(file: BufferedIOBase | IO[bytes], name: str, encoding: str | None) -> str | None:
    """An encoding with its byte order, as the mark of a file has it; the mark itself is text, and is kept or not there.

    >>> from io import BufferedReader, BytesIO
    >>> told(BufferedReader(BytesIO("\\ufeff好".encode("utf-16-be"))), "-", "UTF-16")
    'utf-16-be'
    """
    if encoding in (None, AUTO):
        return encoding
    mark = codec(name, encoding).name
    with reading(name):
        start = peek(file, 4)
    ordered = (f"{mark}-{order}" for order in ("le", "be")) if mark in ("utf-16", "utf-32") else ()
    return next(
        (one for one in ordered if start.startswith("\ufeff".encode(one))), "utf-8" if mark == "utf-8-sig" else encoding
    )


def codec(name: str, encoding: str | None) -> codecs.CodecInfo:
    try:
        "a".encode(encoding or "utf-8")  # not each codec is one of text
        return codecs.lookup(encoding or "utf-8")
    except LookupError:
        raise Trouble(
            f"{label(name)}: there is no encoding {encoding!r}; https://docs.python.org/3/library/codecs.html names all"
        ) from None


class Encoder:
    """Text as bytes, block by block. Line ends become `newline`, or stay; U+FEFF stays where it can."""

    def __init__(self, name: str, encoding: str | None, newline: str) -> None:
        self._name, self._encoding = name, "utf-8" if encoding in (None, AUTO) else encoding
        found = codec(name, self._encoding)
        make = found.incrementalencoder
        assert make, "every encoding of text has one"
        self._encoder = make("surrogateescape")
        self._newline = {"keep": None, "lf": "\n", "crlf": "\r\n"}[newline]
        # Those that write a mark of their own, and those that have none, are not given one.
        self._unmarked = found.name in ("utf-16", "utf-32", "utf-8-sig") or not _has(self._encoding, "\ufeff")

    def __call__(self, text: str) -> bytes:
        if self._unmarked and text:
            text = text.removeprefix("\ufeff")
            self._unmarked = False
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


def _has(encoding: str | None, char: str) -> bool:
    try:
        return bool(char.encode(encoding or "utf-8"))
    except UnicodeEncodeError:
        return False
