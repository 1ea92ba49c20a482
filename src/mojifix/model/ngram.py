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
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import accumulate
from typing import Final, NamedTuple

from mojifix.model.alphabet import RUNS, Symbols

MAGIC: Final = b"MOJIFIX\x00"
VERSION: Final = 1
UNIT: Final = 0.25  # bits
#: contexts of order 3 between two stored offsets: a sum over at most 15 bytes finds the ones between
STRIDE: Final = 16
#: successors of a context of three symbols; their number is one byte
MOST_SUCCESSORS: Final = 255
#: characters looked at where any of many may stand, the commonest. With 100 of them and 24 paths 1 sentence in 400 more
#: comes back where single bytes are lost, and none where pairs are, in 1.5 times the time
MOST_CANDIDATES: Final = 64

#: what a context is: its trigram, its bigram and its last symbol, each an index, -1 where the model has none; a step
#: that knows more of it adds to it
State = tuple[int, ...]


class ModelError(ValueError):
    """The file is no model, is damaged, or is of another version."""


class Tables(NamedTuple):
    """The arrays of the file. ``successors[n]`` and ``cost[n]`` run over the n-grams of order n + 1, in the order
    of their contexts; ``backoff[n]`` and ``children[n]`` over the contexts."""

    vocabulary: str
    fold: Mapping[int, str]
    members: tuple[Sequence[int], Sequence[int]]  # see `Symbols`; in simplified and in traditional text
    unigram: Sequence[int]  # cost of each symbol
    successors: tuple[Sequence[int], Sequence[int], Sequence[int]]  # orders 2, 3, 4: symbol, rank, rank
    cost: tuple[bytes, bytes, bytes]
    backoff: tuple[array[int], array[int], array[int]]  # signed, of contexts of order 1, 2, 3
    children: tuple[Sequence[int], Sequence[int], Sequence[int]]


def _planes(values: Sequence[int]) -> bytes:
    data = array("H", values).tobytes()
    return data[0::2] + data[1::2]


def _from_planes(data: bytes) -> bytearray:
    half = len(data) // 2
    both = bytearray(len(data))
    both[0::2], both[1::2] = data[:half], data[half:]
    return both


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
    ]
    body = b"".join(struct.pack("<I", len(z)) + z for z in (zlib.compress(block, 9) for block in blocks))
    return MAGIC + struct.pack("<H", VERSION) + hashlib.sha256(body).digest() + body


def _blocks(data: bytes) -> Iterator[bytes]:
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
        yield zlib.decompress(memoryview(data)[at + 4 : at + 4 + size])
        at += 4 + size


Step = Callable[[State, str], tuple[float, State]]
"""The cost of a text in bits behind a state of the model, and the state behind the text."""


class Model:
    """A loaded model; immutable, so that threads may share it.

    ``simplified(state, text)`` gives the cost of a text in bits and the state behind it, where text is simplified;
    ``traditional`` does so in traditional text. ``start`` is the state at the beginning of a line. A line ends with
    ``"\\n"``, which has a cost like every other character.
    """

    start: Final[State] = (-1, -1, 0)

    def __init__(self, data: bytes) -> None:
        blocks = _blocks(data)
        about = json.loads(next(blocks))
        fold = {ord(old): new for old, new in zip(*about["fold"], strict=True)}
        members = [[cost * UNIT for cost in next(blocks)] for _ in range(2)]
        unigram, s2, s3, s4, p2, p3, p4, b1, b2, b3, c1, c2, c3, starts = blocks
        self.note: dict[str, object] = about["note"]
        self.grams = (len(unigram), len(p2), len(p3), len(p4))
        hans, hant = (Symbols(about["vocabulary"], fold, bits) for bits in members)
        self._unigram = unigram
        self._hans, self._hant = hans, hant
        self.likeliest = lru_cache(1 << 12)(self._likeliest)
        forms = {*fold.values(), *map(chr, fold)} - set(map(chr, range(0x80)))
        self._lean = {char: hans[char][1] - hant[char][1] for char in forms if not "\uff00" < char < "\uff5f"}
        half = len(starts) // 2
        low, high = _words(starts[:half]), _words(starts[half:])
        tables = (
            unigram,
            tuple(_from_planes(ranks).decode("utf-16-le") for ranks in (s2, s3, s4)),
            (p2, p3, p4),
            tuple(array("b", values) for values in (b1, b2, b3)),
            array("I", accumulate(_words(c1), initial=0)),
            array("I", accumulate(_words(c2), initial=0)),
            array("I", [part | rest << 16 for part, rest in zip(low, high, strict=True)]),
            c3,
        )
        self.simplified: Step = _stepper(hans, *tables)
        self.traditional: Step = _stepper(hant, *tables)

    def script(self, text: str) -> Step:
        """The one of the two that fits a text, by its characters alone; simplified when they do not tell."""
        get = self._lean.get
        return self.traditional if sum(get(char, 0.0) for char in text) > 0 else self.simplified

    def unigram(self, char: str) -> float:
        """The cost of the symbol of a character in bits, whatever stands before it."""
        return self._unigram[self._hant[char][0]] * UNIT

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


def _stepper(
    symbols: Symbols,
    unigram: bytes,
    successors: tuple[str, ...],
    costs: tuple[bytes, bytes, bytes],
    backoffs: tuple[array[int], ...],
    first: array[int],
    second: array[int],
    base: array[int],
    third: bytes,
) -> Step:
    """``Model.simplified`` or ``traditional``, as a closure: its tables are local variables, and so it is fast."""
    bigrams, trigrams, fourgrams = successors
    cost2, cost3, cost4 = costs
    backoff1, backoff2, backoff3 = backoffs
    find2, find3, find4 = bigrams.find, trigrams.find, fourgrams.find
    letters = [chr(number) for number in range(len(unigram) + 1)]
    runs, symbol_of = RUNS, symbols.__getitem__

    def step(state: State, text: str) -> tuple[float, State]:
        trigram, bigram, last = state
        units, bits = 0, 0.0
        for symbol, member in map(symbol_of, text):
            bits += member
            if symbol == last and symbol in runs:
                continue
            start = first[last]
            at2 = find2(letters[symbol], start, first[last + 1])
            if at2 < 0:  # back off to the symbol alone
                units += unigram[symbol] + backoff1[last]
                if bigram >= 0:
                    units += backoff2[bigram]
                    if trigram >= 0:
                        units += backoff3[trigram]
                    trigram = bigram = -1
            elif bigram < 0:
                units += cost2[at2]
                bigram = at2
            else:
                letter = letters[at2 - start]
                start = second[bigram]
                at3 = find3(letter, start, second[bigram + 1])
                if at3 < 0:
                    units += cost2[at2] + backoff2[bigram]
                    if trigram >= 0:
                        units += backoff3[trigram]
                        trigram = -1
                elif trigram < 0 or not (count := third[trigram]):
                    units += cost3[at3]
                    trigram = at3
                else:
                    letter = letters[at3 - start]
                    start = base[trigram // STRIDE] + sum(third[trigram - trigram % STRIDE : trigram])
                    at4 = find4(letter, start, start + count)
                    units += cost4[at4] if at4 >= 0 else cost3[at3] + backoff3[trigram]
                    trigram = at3
                bigram = at2
            last = symbol
        return units * UNIT + bits, (trigram, bigram, last)

    return step
