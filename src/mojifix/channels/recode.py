"""Codec mix-ups: text written in one charset and read in another, by a program with its own way of losing bytes.

Each row damages as the real program would, and inverts: from what is seen to the bytes that may have been
read. A row is tried wherever the screen sees its marks; there is nothing else to register.
"""

from __future__ import annotations

from dataclasses import dataclass

from mojifix.charsets import POLICIES, Pattern, Policy
from mojifix.lattice import CHARSETS

#: bits against a common mix-up. With these and the threshold, 28 in all, nearly all damaged words of two hanzi are seen
#: (26 bits and more), and nothing is in 74 M characters of source code, translations and documentation. A table of a
#: charset comes nearest, with 26 bits: it lists rare hanzi in the order of their bytes
COMMON = 14.0


@dataclass(frozen=True, eq=False)
class Recode:
    """Written in `charset`, read by `policy`; `bits` is how much rarer it is than undamaged text.

    >>> channel = Recode("utf-8", POLICIES["gbk/cpython"])
    >>> channel.damage("中文")
    '涓\\ufffd鏂\\ufffd'
    >>> channel.invert("涓\\ufffd鏂\\ufffd")[0]
    b'\\xe4\\xb8'
    """

    charset: str
    policy: Policy
    bits: float = COMMON

    @property
    def name(self) -> str:
        """As in reports: what it was, and what it was read as."""
        return f"{self.charset} read as {self.policy.name}"

    def damage(self, text: str) -> str:
        """What the program showed."""
        return self.policy.decode(text.encode(self.charset))

    def invert(self, seen: str) -> Pattern | None:
        """The bytes that may have been read where this is seen; None if this program can not have shown it."""
        try:
            return self.policy.pattern(seen, never=CHARSETS[self.charset].never)
        except UnicodeEncodeError:
            return None


#: The programs that leave a mark where they lose bytes, the commonest first. What a program that swallows puts into its
#: holes is freer, so that it explains too much too easily: the rarer ones must be worth their bits.
RECODES = (
    Recode("utf-8", POLICIES["cp936/icu"]),
    Recode("utf-8", POLICIES["gbk/cpython"]),
    Recode("utf-8", POLICIES["cp936/windows"]),
    Recode("utf-8", POLICIES["gb18030/cpython"], COMMON + 2),
    Recode("utf-8", POLICIES["gbk/whatwg"], COMMON + 2),
    Recode("utf-8", POLICIES["gbk/java"], COMMON + 4),
    Recode("utf-8", POLICIES["gbk/go"], COMMON + 4),
    Recode("utf-8", POLICIES["cp936/windows-fffd"], COMMON + 6),
)
