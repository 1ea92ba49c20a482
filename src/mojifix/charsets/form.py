"""Text that a page showed and a form of the same page sent: what its charset lacks is written as numbers.

A form in a GBK page sends &#65533; for U+FFFD, which GBK has not. So what was damaged when it was shown has numbers in
it when it is sent, saved and shown again.

>>> from mojifix.charsets import POLICIES, covers
>>> form, data = POLICIES["gbk/whatwg/form"], "一。".encode()
>>> form.decode(data), covers(form.pattern(form.decode(data)), data)
('涓€銆&#65533;', True)
"""

from __future__ import annotations

import re

from mojifix.charsets.pattern import Pattern
from mojifix.charsets.policy import Policy
from mojifix.charsets.reader import After, Reader

NUMBER = re.compile("&#([0-9]{3,7});")


class Form(Reader):
    """What another reader has shown, as its own encoder sends it."""

    def __init__(self, inner: Policy) -> None:
        self.inner = inner
        self.name = f"{inner.name}/form"
        self.family = inner.family

    def decode(self, data: bytes) -> str:
        inner = self.inner
        return inner.decode(inner.encode(inner.decode(data)))

    def encode(self, text: str) -> bytes:
        return self.inner.encode(self._shown(text))

    def back(self, text: str, after: After, never: bytes, inside: bool = False) -> tuple[Pattern, After]:
        return self.inner.back(self._shown(text), after, never, inside)

    def form(self, text: str) -> bytes | None:
        return self.inner.form(self._shown(text))

    def _shown(self, text: str) -> str:
        """The characters for their numbers, of those that the encoder lacks."""
        return NUMBER.sub(self._char, text)

    def _char(self, number: re.Match[str]) -> str:
        code = int(number[1])
        char = chr(code) if 0x7F < code < 0x110000 else ""
        return char if char and self.inner.encode(char) == number[0].encode() else number[0]
