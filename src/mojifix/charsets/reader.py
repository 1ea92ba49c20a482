"""What all readers have in common: three directions, and the walk backward."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

from mojifix.charsets.pattern import Hole, Pattern, Slots, hole, merged, sequences, sets_of

END = 256
After = frozenset[int]
"""The values that the next byte may have; `END` where there may be none."""


Broken = Callable[[bytes], Iterable[tuple[int, int]]]
"""Where bytes are no whole text, so that some may be missing: the first place and the last, again and again."""


def nowhere(data: bytes) -> Iterable[tuple[int, int]]:
    """No bytes are missing."""
    return ()


class Reader(ABC):
    """One program's way to read bytes and to write them.

    `family` says what such readings look like: "hanzi" (two bytes a character), "latin" (one byte),
    "holes" (UTF-8) or "stumps" (text that was turned back).
    """

    name: str
    family: str

    @property
    def drops(self) -> bool:
        """Loss leaves no mark, so that bytes may be missing anywhere."""
        return False

    @abstractmethod
    def decode(self, data: bytes) -> str:
        """Read bytes exactly as the program does; any bytes will do."""

    @abstractmethod
    def encode(self, text: str) -> bytes:
        """Write text as the program's own encoder does, with what it emits for the characters it lacks."""

    @abstractmethod
    def back(self, text: str, after: After, never: bytes, inside: bool) -> tuple[Pattern, After]:
        """The items of a text before one of the bytes `after`, the last one first, and the values of its first byte.

        `inside` says that other text, not quite known, stands around it.
        """

    @abstractmethod
    def form(self, text: str) -> bytes | None:
        """The bytes of a text, if they are the same wherever it stands."""

    def pattern(self, seen: str | Slots, never: bytes = b"", broken: Broken = nowhere) -> Pattern:
        r"""The byte strings that `decode` turns into exactly what was seen: all of them match, and few others.

        A mark becomes a hole, cut down to the bytes that this decoder loses before what follows; the end of the text is
        the end of the data. A character with two byte forms is a hole of exact alternatives. Raises
        `UnicodeEncodeError` when a character can not come out of this decoder, or a mark can not stand where it does.

        What was seen may itself be known only in part: then each tuple of alternatives becomes one hole, of those among
        them that can have come out. `never` are values that no byte can have had: FF, where the bytes were UTF-8.
        `broken` matters to readers that drop bytes, see `Policy`.

        >>> from mojifix.charsets import POLICIES
        >>> [POLICIES[name].pattern("€") for name in ("cp936/icu", "gbk/java", "gbk/go")]
        [[b'\x80'], [b'\xa2\xe3'], [((b'\x80',), (b'\xa2', b'\xe3'))]]
        >>> POLICIES["gbk/cpython"].pattern(["中", ("文", "哪", "한"), "\n"])
        [b'\xd6\xd0', ((b'\xc4\xce', b'\xc4'),), b'\n']
        """
        slots = [seen] if isinstance(seen, str) else seen
        after: After = frozenset((END,))
        found: Pattern = []
        for slot in reversed(slots):
            if isinstance(slot, str):
                items, after = self.back(slot, after, never, len(slots) > 1)
                found += items
            else:
                one, after = self._choice(slot, after, never)
                found.append(one)
        return [*merged(reversed(found))]

    def _choice(self, texts: tuple[str, ...], after: After, never: bytes) -> tuple[Hole, After]:
        """The hole of alternatives, and the values of its first byte."""
        ways: set[tuple[bytes, ...]] = set()
        for text in texts:
            try:
                if (form := self.form(text)) is not None:
                    ways.add(sets_of(form))
                else:
                    ways.update(sequences(self.back(text, after, never, True)[0][::-1]))
            except UnicodeEncodeError:
                continue
        if never:
            ways = {left for sets in ways if all(left := tuple([one.translate(None, never) for one in sets]))}
        if not ways:
            raise UnicodeEncodeError(self.name, "".join(texts[:1]) or "?", 0, 1, "none comes out of this decoder")
        found = hole(ways)
        first = {value for sets in found if sets for value in sets[0]}
        return found, frozenset(first) | (after if () in ways else frozenset())
