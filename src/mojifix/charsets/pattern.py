"""What bytes may have been: known runs, and holes with the byte sets that may have stood there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, product

Hole = tuple[tuple[bytes, ...], ...]
"""What a mark may have been: alternatives, each a sequence of byte sets (sorted `bytes`); () is "nothing was there"."""
Pattern = list["bytes | Hole"]  # exactly known runs, as long as possible, and holes
Slots = Sequence["str | tuple[str, ...]"]
"""A text that is not quite known: exact parts, and alternatives of which one stood there."""

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


def covers(pattern: Pattern, data: bytes) -> bool:
    """Whether `data` is one of the byte strings of a pattern.

    >>> [covers([b"\\xe4", ((), (b"\\xb8\\xb9", b"\\x80"))], data) for data in (b"\\xe4", b"\\xe4\\x80")]
    [True, False]
    """
    ends = {0}
    for item in pattern:
        ways = (sets_of(item),) if isinstance(item, bytes) else item
        tries = ((sets, end) for sets in ways for end in ends if end + len(sets) <= len(data))
        ends = {end + len(sets) for sets, end in tries if all(data[end + i] in known for i, known in enumerate(sets))}
    return len(data) in ends
