"""A backoff n-gram model of characters, read and written.

The n-grams are a trie. Every context owns a list of successors, the most probable first, and the lists of one
order lie behind one another in ONE string; ``str.find(successor, start, end)`` is the lookup, at the speed of C.
A successor is not stored as its symbol but as its *rank* in the list of the context that is one symbol shorter:
the lookup in the shorter context comes first anyway (it is the next state), and ranks are small numbers, which
compress to about half (Pibiri and Venturini, "Handling Massive N-Gram Datasets Efficiently", 2019, call it
context-based remapping). It needs every suffix of an n-gram to be in the model; the builder sees to that.

Costs are negative base-2 logarithms in units of 1/4 bit: a rounding error of 0.07 bits a character.

File: magic, version (u16), SHA-256 of the rest, then length-prefixed (u32) zlib blocks: a JSON header, and the
arrays in the order of `dump`, little-endian, 16-bit ones as a plane of low bytes and one of high bytes.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import accumulate, islice, repeat
from math import inf
from queue import SimpleQueue
from threading import Thread
from typing import Final, NamedTuple

from mojifix.model.alphabet import ELSEWHERE, KANA, KANA_SHARE, RUNS, Symbols
from mojifix.model.choices import MOST_CANDIDATES, Choices, Way, chooser, one
from mojifix.model.step import STRIDE, UNIT, State, Step, Trie, stepper
from mojifix.model.wide import NOTHING, Weights, Wide

__all__ = ["MAGIC", "MOST_SUCCESSORS", "UNIT", "VERSION", "Model", "ModelError", "State", "Step", "Tables", "dump"]

MAGIC: Final = b"MOJIFIX\x00"
VERSION: Final = 3
#: bytes of a block at most, in the shipped model 3.6 million: in a buffer of that size it is unpacked in one go
LARGEST: Final = 1 << 22
#: successors of a context of three symbols; their number is one byte
MOST_SUCCESSORS: Final = 255


class ModelError(ValueError):
    """The file is no model, is damaged, or is of another version."""


class Tables(NamedTuple):
    """The arrays of the file. ``successors[n]`` and ``cost[n]`` run over the n-grams of order n + 1, in the order
    of their contexts; ``backoff[n]`` and ``children[n]`` over the contexts."""

    vocabulary: str
    fold: Mapping[int, str]
    members: Sequence[Sequence[int]]  # see `Symbols`; in simplified, in traditional and in Japanese text
    unigram: Sequence[int]  # cost of each symbol
    successors: tuple[Sequence[int], Sequence[int], Sequence[int]]  # orders 2, 3, 4: symbol, rank, rank
    cost: tuple[bytes, bytes, bytes]
    backoff: tuple[array[int], array[int], array[int]]  # signed, of contexts of order 1, 2, 3
    children: tuple[Sequence[int], Sequence[int], Sequence[int]]
    weights: Weights = NOTHING


def _planes(values: Sequence[int]) -> bytes:
    data = array("H", values).tobytes()
    return data[0::2] + data[1::2]


def _from_planes(data: bytes, size: int = 2) -> bytearray:
    number = len(data) // size
    whole = bytearray(len(data))
    for plane in range(size):
        whole[plane::size] = data[plane * number : (plane + 1) * number]
    return whole


def _words(data: bytes) -> array[int]:
    words = array("H")
    words.frombytes(bytes(_from_planes(data)))
    return words


def dump(tables: Tables, note: Mapping[str, object]) -> bytes:
    """The file of a model. Ranks and symbols must stay below U+D800, so that a list of them is a string."""
    header = {
        "vocabulary": tables.vocabulary,
        "fold": ["".join(map(chr, tables.fold)), "".join(tables.fold.values())],
        "note": dict(note),
    }
    starts = list(accumulate(tables.children[2], initial=0))[::STRIDE]
    blocks = [
        json.dumps(header, ensure_ascii=False, sort_keys=True).encode(),
        *map(bytes, tables.members),
        bytes(tables.unigram),
        *(_planes(ranks) for ranks in tables.successors),
        *tables.cost,
        *(values.tobytes() for values in tables.backoff),
        _planes(tables.children[0]),
        _planes(tables.children[1]),
        bytes(tables.children[2]),
        _planes([start & 0xFFFF for start in starts]) + _planes([start >> 16 for start in starts]),
        tables.weights.says,
        tables.weights.said,
        tables.weights.distances.tobytes(),
    ]
    body = b"".join(struct.pack("<I", len(z)) + z for z in (zlib.compress(block, 9) for block in blocks))
    return MAGIC + struct.pack("<H", VERSION) + hashlib.sha256(body).digest() + body


def _blocks(data: bytes) -> Iterator[memoryview]:
    if data[:8] != MAGIC:
        raise ModelError(
            "this is no mojifix model: it does not begin with the magic number; build one with "
            "`python -m mojifix.model.build`"
        )
    version = int.from_bytes(data[8:10], "little")
    if version != VERSION:
        raise ModelError(
            f"the model has format {version}, this mojifix reads {VERSION}: build it again with "
            "`python -m mojifix.model.build`"
        )
    if hashlib.sha256(memoryview(data)[42:]).digest() != data[10:42]:
        raise ModelError("the model is damaged (its SHA-256 does not agree): install mojifix again")
    at = 42
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        yield memoryview(data)[at + 4 : at + 4 + size]
        at += 4 + size


def _unpacked(block: bytes | memoryview) -> bytes:
    return zlib.decompress(block, bufsize=LARGEST)


def _ahead(blocks: Sequence[bytes | memoryview]) -> Iterator[bytes]:
    """The blocks, unpacked by another thread while this one makes tables of those before: 30 of 230 ms."""
    unpacked: SimpleQueue[bytes | zlib.error | MemoryError] = SimpleQueue()

    def unpack() -> None:
        try:
            for block in blocks:
                unpacked.put(_unpacked(block))
        except (zlib.error, MemoryError) as error:
            unpacked.put(error)

    try:
        Thread(target=unpack, daemon=True).start()
    except RuntimeError:  # where there are no threads
        unpack()
    for _ in blocks:
        if isinstance(block := unpacked.get(), Exception):
            raise block
        yield block


class Model:
    """A loaded model; immutable, so that threads may share it.

    ``simplified(state, text)`` gives the cost of a text in bits and the state behind it, where text is simplified;
    ``traditional`` and ``japanese`` do so in such text. ``start`` is the state at the beginning of a line. A line ends
    with ``"\\n"``, which has a cost like every other character. ``unknown`` is the state behind a character of which
    nothing is known: what follows costs what its symbol costs wherever it stands. What text in another language is made
    of costs at most `foreign` bits a symbol (see `FOREIGN`) where it is seen; as a guess it is as rare as it is.
    """

    start: Final[State] = (-1, -1, 0)
    unknown: State

    def __init__(self, data: bytes, *, foreign: float = inf) -> None:
        *blocks, says, said, distances = _blocks(data)
        self._weights = bytes(says), bytes(said), bytes(distances)
        unpacked = _ahead(blocks)
        about = json.loads(next(unpacked))
        fold = {ord(old): new for old, new in zip(*about["fold"], strict=True)}
        members = [[cost * UNIT for cost in next(unpacked)] for _ in range(3)]
        scripts = hans, hant, _ = [Symbols(about["vocabulary"], fold, bits) for bits in members]
        forms = {*fold.values(), *map(chr, fold)} - set(map(chr, range(0x80)))
        self._lean = {char: hans[char][1] - hant[char][1] for char in forms if not "\uff00" < char < "\uff5f"}
        unigram = next(unpacked)
        successors = tuple(_from_planes(next(unpacked)).decode("utf-16-le") for _ in range(3))
        p2, p3, p4, b1, b2, b3 = islice(unpacked, 6)
        # One more context, that of `unknown`: it has no successors and costs nothing to leave.
        backoffs = tuple(array("b", values) for values in (b1 + b"\0", b2, b3))
        first = array("I", accumulate([*_words(next(unpacked)), 0], initial=0))
        second = array("I", accumulate(_words(next(unpacked)), initial=0))
        third, starts = unpacked
        trie = Trie(
            unigram,
            successors,
            (p2, p3, p4),
            backoffs,
            first,
            second,
            array("I", bytes(_from_planes(starts, 4))),
            third,
        )
        self.note: dict[str, object] = about["note"]
        self.grams = (len(unigram), len(p2), len(p3), len(p4))
        self._unigram = unigram
        self.unknown = (-1, -1, len(unigram))
        self._hans, self._hant = hans, hant
        self.likeliest = lru_cache(1 << 12)(self._likeliest)
        self._one = lru_cache(1 << 15)(self._alone)
        steps = self.simplified, self.traditional, self.japanese = [stepper(each, trie, foreign) for each in scripts]
        self._choices: Mapping[Step, Choices] = {
            step: chooser(each, trie) for step, each in zip(steps, scripts, strict=True)
        }
        self._trie, self._foreign = trie, foreign

    @cached_property
    def wide(self) -> Wide:
        """What the rest of a line says of a character."""
        says, said, distances = map(_unpacked, self._weights)
        return Wide(self._hans, Weights(says, said, array("f", distances)))

    def script(self, text: str) -> Step:
        """The one of the three that fits a text, by its characters alone; simplified when they do not tell."""
        if len(KANA.findall(text)) > KANA_SHARE * len(text):
            return self.japanese
        lean = sum(map(self._lean.get, text, repeat(0.0)))
        return self.traditional if lean > 0 else self.simplified

    def choices(self, step: Step) -> Choices:
        """A step of the model for one of several characters at a time; of another step, one by one."""

        def one_by_one(state: State, chars: str, most: float, reach: float) -> Iterator[tuple[float, Sequence[Way]]]:
            yield 0.0, [(*step(state, char), one(char)) for char in self.likeliest(chars)]

        return self._choices.get(step, one_by_one)

    def ahead(self, states: Collection[State], char: str) -> list[float]:
        """What a character costs behind each of some states, in bits, as far as the last symbol alone tells."""
        find, (cost, _, _), (backoff, _, _), first = (self._trie.successors[0].find, *self._trie[2:5])
        symbol = self._hans[char][0]
        letter, alone = chr(symbol), self._unigram[symbol]
        found = [
            (cost[at] if (at := find(letter, first[last], first[last + 1])) >= 0 else alone + backoff[last]) * UNIT
            for last in [state[2] for state in states]
        ]
        if symbol in RUNS:  # that go on at no cost
            found = [0.0 if state[2] == symbol else bits for state, bits in zip(states, found, strict=True)]
        return [min(bits, self._foreign) for bits in found] if symbol in ELSEWHERE else found

    def unigram(self, char: str) -> float:
        """The cost of the symbol of a character in bits, whatever stands before it."""
        return self._unigram[self._hant[char][0]] * UNIT

    def alone(self, text: str) -> float:
        """What the characters of a text cost in bits, each wherever it stands; twenty times as fast as what it costs.

        What may go on counts as going on.
        """
        return sum(map(self._one, text))

    def _alone(self, char: str) -> float:
        (symbol, simplified), (_, traditional) = self._hans[char], self._hant[char]
        return min(simplified, traditional) if symbol in RUNS else self._common(char)

    def _likeliest(self, chars: str) -> str:
        """Of characters of which one stands somewhere, the `MOST_CANDIDATES` that are commonest in text."""
        if len(chars) <= MOST_CANDIDATES:
            return chars
        return "".join(nsmallest(MOST_CANDIDATES, chars, key=self._common))

    def _common(self, char: str) -> float:
        (symbol, simplified), (_, traditional) = self._hans[char], self._hant[char]
        return self._unigram[symbol] * UNIT + min(simplified, traditional)

    def bits(self, text: str) -> float:
        """The cost of a text in bits, from the beginning of a line."""
        return self.script(text)(self.start, text)[0]
