"""An accident as the benchmarks do it: written in charsets, read by readers, forward and strictly back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from common import lines, sentences

WEB, TRADITIONAL = "zh_hans_web", "zh_hant"
#: codecs that have a character for every byte
COMPLETE = ("latin-1", "cp437", "cp850", "koi8-r", "mac-roman")
LANGUAGES = ("japanese", "korean", "russian", "greek", "european_latin", "vietnamese", "math_symbols_emoji")


class Reader(Protocol):
    """A way to read bytes, and back: `mojifix.charsets.Policy` is one."""

    @property
    def name(self) -> str: ...

    def decode(self, data: bytes, /) -> str: ...

    def encode(self, text: str, /) -> bytes: ...


@dataclass(frozen=True)
class Codec:
    """A codec of the standard library, named as the library names it."""

    codec: str
    errors: str = "replace"

    @property
    def name(self) -> str:
        loss = "" if self.errors == "replace" else f"-{self.errors}"
        return self.codec if self.codec in COMPLETE else f"{self.codec}/cpython{loss}"

    def decode(self, data: bytes, /) -> str:
        return data.decode(self.codec, self.errors)

    def encode(self, text: str, /) -> bytes:
        return text.encode(self.codec)


@dataclass(frozen=True)
class Browser:
    """A single-byte charset as browsers have it: bytes without a character are the C1 controls of their number."""

    codec: str

    @property
    def name(self) -> str:
        return f"{self.codec}/whatwg"

    @cached_property
    def _chars(self) -> list[str]:
        read = [bytes((value,)).decode(self.codec, "ignore") for value in range(256)]
        return [char or chr(value) for value, char in enumerate(read)]

    @cached_property
    def _values(self) -> dict[str, int]:
        return {char: value for value, char in enumerate(self._chars)}

    def decode(self, data: bytes, /) -> str:
        return "".join(self._chars[value] for value in data)

    def encode(self, text: str, /) -> bytes:
        if not self._values.keys() >= set(text):
            raise UnicodeEncodeError(self.codec, text, 0, 1, "has a character that never comes out")
        return bytes(self._values[char] for char in text)


@dataclass(frozen=True)
class Channel:
    """One accident: written and read by `layers`, the first one first; or `how` says what happened.

    `how` may give the text back as it is, or raise UnicodeError: then the accident does not happen to such a text.
    """

    group: str
    name: str
    layers: tuple[tuple[str, Reader], ...] = ()
    how: Callable[[str], str] | None = None
    file: str = WEB
    answers: Callable[[str], tuple[str, ...]] = field(default=lambda text: (text,))  # what is right; first the best

    def damage(self, text: str) -> str:
        if self.how:
            return self.how(text)
        for charset, reader in self.layers:
            text = reader.decode(text.encode(charset))
        return text

    def whole(self, meant: str, seen: str) -> bool:
        """Whether nothing was lost: who knows the programs can turn it back (for what only `how` does: no)."""
        return bool(self.layers) and self._back(seen, lambda reader: [reader.encode]) == meant

    def strict(self, seen: str) -> str:
        """What other tools do, told what to do: back with the wrong codec of Python and forward with the right one, or
        not at all."""
        back = self._back(seen, lambda reader: [Codec(name).encode for name in _python(reader)])
        return seen if back is None else back

    def _back(self, seen: str, ways: Callable[[Reader], list[Callable[[str], bytes]]]) -> str | None:
        text: str | None = seen
        for charset, reader in reversed(self.layers):
            text = None if text is None else _first(text, ways(reader), charset)
        return text

    @property
    def pieces(self) -> bool:
        """Whether pieces of sentences are measured too."""
        return self.file not in LANGUAGES and self.group != "H"

    def texts(self, number: int) -> list[str]:
        if self.file in LANGUAGES:
            return lines(self.file, number)
        return sentences(self.file, number)


def _python(reader: Reader) -> tuple[str, ...]:
    if isinstance(reader, Codec | Browser):
        return (reader.codec,)
    codec = getattr(reader, "codec", "")
    return ("gb18030", "gbk") if codec.startswith("gb") else (codec,)


def _first(text: str, ways: list[Callable[[str], bytes]], charset: str) -> str | None:
    for write in ways:
        try:
            return write(text).decode(charset)
        except (UnicodeError, LookupError):
            continue
    return None
