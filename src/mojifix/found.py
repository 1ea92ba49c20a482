"""A damaged span of a text, and how it reads."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from mojifix.channels.recode import MIXED, Recode
from mojifix.charsets import LOST
from mojifix.plan import Guess
from mojifix.search import Reading

#: families of readers that show text, which may be saved and read again
LAYERS = frozenset({"hanzi", "latin"})
#: families of readers that show marks in good text
MARKED = frozenset({"stumps", "holes"})
#: bits a character with which a reading as UTF-8, of which nothing was lost, leaves no doubt; and that any such reading
#: costs at most: sentences cost 4 to 8, by another charset or code page 7 and more
CLEAR, PROSE = 7.0, 6.5


class Found(NamedTuple):
    """A damaged span of the text, and how it reads."""

    start: int
    end: int
    chain: tuple[Recode, ...]
    bits: float
    reading: Reading

    @property
    def name(self) -> str:
        """The channel as in reports, the last accident first."""
        return ", ".join(channel.name for channel in self.chain)

    @property
    def clear(self) -> bool:
        """Whether no other reading need be looked at: UTF-8, or prose, of which nothing is lost."""
        utf8 = self.chain[-1].charset == "utf-8" and self.bits > CLEAR * (self.end - self.start)
        text, bits = self.reading.text, self.reading.bits
        return not self.reading.guesses and LOST not in text and (utf8 or bits < PROSE * len(text))

    def settled(self, least: float, again: bool) -> tuple[str, tuple[Guess, ...]] | None:
        """As `Reading.settled`; None if nothing comes back, and what is seen may be more characters than what is read.
        No mark that an earlier call has left in good text (`again`) becomes a character: what would be one is a mark.
        """
        text, kept = self.reading.settled(least)
        policy = self.chain[0].policy
        if not kept and not policy.counts:
            return None
        return self.reading.settled(inf) if again and policy.family in MARKED else (text, kept)

    @property
    def mixed(self) -> bool:
        """Whether any character may be part of what is seen: clean ones beside it too."""
        return any(channel in MIXED for channel in self.chain)

    @property
    def price(self) -> float:
        """Bits of the channel."""
        return max(channel.bits for channel in self.chain)
