"""What bytes may have been: known runs, and holes with the byte sets that may have stood there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, product
from types import MappingProxyType

Hole = tuple[tuple[bytes, ...], ...]
"""What a mark may have been: alternatives, each a sequence of byte sets (sorted `bytes`); () is "nothing was there"."""
Pattern = list["bytes | Hole"]  # exactly known runs, as long as possible, and holes
Arc = tuple[str, int, float, bool]
"""A text, the node behind it, its cost in bits beyond what the language costs; and whether some of it was lost: then
the text is not one text, but the characters of which one stood there."""
Arcs = Sequence[Sequence[Arc]]
"""A text that is not quite known: by node the ways on. Every arc leads to a greater number."""
Way = tuple["bytes | tuple[bytes, ...]", int, float]
"""A known run, or a sequence of byte sets; the node behind it, and its cost in bits."""
Ways = tuple[tuple[Way, ...], ...]
"""By node the ways on."""
Costs = Mapping[int, tuple[float, ...]]
"""Bits of the alternatives of holes, by the number of the item; a hole without an entry costs nothing."""

LOST = "\N{REPLACEMENT CHARACTER}"
ANY = bytes(range(256))
#: each byte as a set of one
ONE = tuple(bytes((value,)) for value in ANY)
#: sequences of byte sets in a hole. More alternatives than that are widened, place by place: two unknown hanzi in GBK
#: are some 10,000 sequences, and six byte sets when widened
MOST_SEQUENCES = 1 << 10


def sets_of(data: bytes) -> tuple[bytes, ...]:
    """Known bytes as a sequence of byte sets."""
    return tuple([ONE[value] for value in data])


def hole(sequences: Iterable[tuple[bytes, ...]], most: int = MOST_SEQUENCES) -> Hole:
    """A hole with these alternatives, in as few sequences as common beginnings and ends allow.

    >>> [[known.hex() for known in sets] for sets in hole(map(sets_of, (b"ab", b"ac", b"db", b"dc", b"e", b"f")))]
    [['6566'], ['6164', '6263']]
    """
    found = _grouped(frozenset(sequences))
    if len(found) <= most:
        return found
    widened: dict[tuple[int, bytes], list[tuple[bytes, ...]]] = {}
    for sets in found:
        widened.setdefault((len(sets), b"".join(sets[:1])), []).append(sets)
    return _grouped(frozenset(tuple(map(_union, zip(*several, strict=True))) for several in widened.values()))


def _union(sets: Iterable[bytes]) -> bytes:
    return bytes(sorted({*b"".join(sets)}))


def _grouped(sequences: frozenset[tuple[bytes, ...]]) -> Hole:
    rests: dict[bytes, list[tuple[bytes, ...]]] = {}
    for sets in sequences:
        if sets:
            rests.setdefault(sets[0], []).append(sets[1:])
    firsts: dict[Hole, list[bytes]] = {}
    for first, several in sorted(rests.items()):
        firsts.setdefault(_grouped(frozenset(several)) if several != [()] else ((),), []).append(first)
    ways = ((_union(values), *sets) for tails, values in firsts.items() for sets in tails)
    return tuple(sorted(chain([()] if () in sequences else [], ways), key=len))


def sequences(items: Pattern) -> Iterator[tuple[bytes, ...]]:
    """All that a short pattern can be."""
    ways = ((sets_of(item),) if isinstance(item, bytes) else item for item in items)
    return (tuple(chain.from_iterable(way)) for way in product(*ways))


def merged(items: Iterable[bytes | Hole]) -> Iterator[bytes | Hole]:
    """The same with known runs as long as possible."""
    for known, group in groupby(items, key=lambda item: isinstance(item, bytes)):
        if not known:
            yield from group
        elif run := b"".join(item for item in group if isinstance(item, bytes)):
            yield run


@dataclass(frozen=True, slots=True)
class Graph:
    """Bytes that are not quite known, where a `Pattern` is not enough: as `Arcs`. All go through its known runs."""

    ways: Ways

    @classmethod
    def of(cls, pattern: Pattern, costs: Costs = MappingProxyType({})) -> Graph:
        """The graph of a pattern: each item leads to the next one."""
        return cls((*(tuple(onward(item, i + 1, costs.get(i))) for i, item in enumerate(pattern)), ()))

    @property
    def runs(self) -> Iterator[bytes]:
        """The known runs."""
        return (data for ways in self.ways for data, _, _ in ways if isinstance(data, bytes))


def onward(item: bytes | Hole, to: int, costs: Sequence[float] | None = None) -> Iterable[Way]:
    """The ways of an item of a pattern to a node."""
    if isinstance(item, bytes):
        return ((item, to, 0.0),)
    return [(sets, to, bits) for sets, bits in zip(item, costs or (0.0,) * len(item), strict=True)]


def covers(pattern: Pattern | Graph, data: bytes) -> bool:
    """Whether `data` is one of the byte strings of a pattern.

    >>> [covers([b"\\xe4", ((), (b"\\xb8\\xb9", b"\\x80"))], data) for data in (b"\\xe4", b"\\xe4\\x80")]
    [True, False]
    """
    nodes = (pattern if isinstance(pattern, Graph) else Graph.of(pattern)).ways
    ends: list[set[int]] = [{0}, *(set[int]() for _ in nodes[1:])]
    for ways, here in zip(nodes, ends, strict=True):
        for known, to, _ in ways:
            sets = sets_of(known) if isinstance(known, bytes) else known
            tries = (end for end in here if end + len(sets) <= len(data))
            ends[to] |= {end + len(sets) for end in tries if all(data[end + i] in one for i, one in enumerate(sets))}
    return len(data) in ends[-1]
