"""What all readers have in common: three directions, and the walk backward."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import lru_cache

from mojifix.charsets.pattern import Arcs, Graph, Pattern, Way, hole, merged, onward, sequences, sets_of

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
    def drops(self) -> int:
        """If loss leaves no mark, so that bytes may be missing anywhere: of how many bytes in UTF-8 one, at most."""
        return 0

    @property
    def counts(self) -> bool:
        """Whether it is known how many characters a mark of loss stands for, if not which."""
        return True

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

    def pattern(self, seen: str, never: bytes = b"", broken: Broken = nowhere) -> Pattern:
        r"""The byte strings that `decode` turns into exactly what was seen: all of them match, and few others.

        A mark becomes a hole, cut down to the bytes that this decoder loses before what follows; the end of the text is
        the end of the data. A character with two byte forms is a hole of exact alternatives. Raises
        `UnicodeEncodeError` when a character can not come out of this decoder, or a mark can not stand where it does.

        `never` are values that no byte can have had: FF, where the bytes were UTF-8. `broken` matters to readers that
        drop bytes, see `Policy`.

        >>> from mojifix.charsets import POLICIES
        >>> [POLICIES[name].pattern("€") for name in ("cp936/icu", "gbk/java", "gbk/go")]
        [[b'\x80'], [b'\xa2\xe3'], [((b'\x80',), (b'\xa2', b'\xe3'))]]
        """
        return [*merged(reversed(self.back(seen, frozenset((END,)), never, False)[0]))]

    def graph(self, seen: Arcs, never: bytes = b"") -> Graph:
        r"""The same where what was seen is itself known only in part: way by way, less those that can not come out.

        >>> from mojifix.charsets import POLICIES
        >>> POLICIES["gbk/cpython"].graph([[("中", 1, 0.0, False)], [("文哪한", 2, 0.0, True)], []]).ways
        (((b'\xd6\xd0', 1, 0.0),), (((b'\xc4\xce', b'\xc4'), 2, 0.0),), ())
        """
        last = len(seen) - 1
        passed = _passed(seen)
        nodes: list[list[Way]] = [[]]  # numbered from the end
        begun: dict[int, tuple[int, After]] = {last: (0, frozenset((END,)))}
        for node in range(last - 1, -1, -1):
            here: list[Way] = []
            first: After = frozenset()
            for text, to, bits, lost in seen[node]:
                if to not in begun:
                    continue
                at, after = begun[to]
                try:
                    if lost:
                        items, begins = _choice(self, text, after, never)
                    else:
                        items, begins = self.back(text, after, never, last > 1)
                except UnicodeEncodeError:
                    continue
                first |= begins
                sure = {node, to} <= passed and len(seen[node]) == 1
                either = [(sets_of(item),) if isinstance(item, bytes) and not sure else item for item in items]
                *behind, head = either or [((),)]
                for item in behind:
                    nodes.append([*onward(item, at)])
                    at = len(nodes) - 1
                here += [(known, at, more + bits) for known, _, more in onward(head, at)]
            if here:
                begun[node] = len(nodes), first
                nodes.append(here)
        if 0 not in begun:
            raise UnicodeEncodeError(self.name, "?", 0, 1, "none of it comes out of this decoder")
        end = len(nodes) - 1
        return Graph(tuple([tuple([(known, end - to, bits) for known, to, bits in ways]) for ways in reversed(nodes)]))


def _passed(seen: Arcs) -> set[int]:
    """The nodes that no way goes round."""
    far, found = 0, set()
    for node, ways in enumerate(seen):
        if far <= node:
            found.add(node)
        far = max([far, *[to for _, to, _, _ in ways]])
    return found


@lru_cache(1 << 12)
def _choice(reader: Reader, chars: str, after: After, never: bytes) -> tuple[Pattern, After]:
    """The hole of characters of which one stood there, and the values of its first byte."""
    ways: set[tuple[bytes, ...]] = set()
    for char in chars:
        try:
            if (form := reader.form(char)) is not None:
                ways.add(sets_of(form))
            else:
                ways.update(sequences(reader.back(char, after, never, True)[0][::-1]))
        except UnicodeEncodeError:
            continue
    if never:
        ways = {left for sets in ways if all(left := tuple([one.translate(None, never) for one in sets]))}
    if not ways:
        raise UnicodeEncodeError(reader.name, chars[:1], 0, 1, "none comes out of this decoder")
    found = hole(ways)
    return [found], frozenset(value for sets in found for value in sets[0])
