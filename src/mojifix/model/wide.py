"""What the rest of a line says of a lost character: what stands up to 32 symbols away, which n-grams do not see.

A log-bilinear model (Mnih and Hinton 2007). Every symbol is two short vectors: what it says of others, and what others
say of it. The vectors of what stands around a place are added up, those at some distance each with the weights of that
distance; the sum times the vector of a character is how much likelier it makes that one, in bits. Its neighbours are
left out: it has learned to tell characters apart that follow, or come before, the same neighbours, and so it says what
n-grams leave open. And what a line has said it says again.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise, takewhile
from operator import mul
from typing import Final, NamedTuple

from mojifix.model.alphabet import BOUNDARY, CLASSES, CONTROL, ELSEWHERE, RUNS, classify

#: the nearest and the farthest symbol of each distance
DISTANCES: Final = ((2, 2), (3, 3), (4, 4), (5, 5), (6, 7), (8, 10), (11, 15), (16, 23), (24, 32))
FAR: Final = DISTANCES[-1][1]
#: bits of what stands in the line already. Of 12,600 lost characters of web text, 1,339 bits without it, with one bit
#: 1,308, with 1.5 or 2 1,304, with 3 1,329, and how often makes no difference; 1.5 makes more of them wrong guesses
AGAIN: Final = 1.0
#: symbols of which a run is one
_ONE = RUNS - {CONTROL}


class Weights(NamedTuple):
    """The vectors as they are written: one byte a number, signed; empty in a model that knows nothing of this.

    ``says`` and ``said`` have a vector for each symbol, ``distances`` weights for each distance before, and behind,
    with the scale of all three in them.
    """

    says: bytes
    said: bytes
    distances: array[float]


NOTHING: Final = Weights(b"", b"", array("f"))


class Wide:
    """The model, with the symbols of characters as `mojifix.model.alphabet.Symbols` has them."""

    def __init__(self, symbols: Mapping[str, tuple[int, float]], weights: Weights) -> None:
        self._symbols, self._weights = symbols, weights
        self._size = len(weights.distances) // (2 * len(DISTANCES))

    @cached_property
    def _says(self) -> memoryview:
        return memoryview(self._weights.says).cast("b")

    @cached_property
    def _said(self) -> memoryview:
        return memoryview(self._weights.said).cast("b")

    def gains(self, before: str, behind: str, chars: Collection[str]) -> dict[str, float]:
        """How many bits likelier each of some characters is than its neighbours say, between two texts of one line;
        what it knows nothing of is left out, kana and Hangul too: it has learned from Chinese. Only differences between
        characters have a meaning.

        >>> from mojifix.model import load
        >>> gains = load().wide.gains("就是一", ",直到傍晚公园关门才离开", "天大夫")
        >>> max(gains, key=gains.get)
        '天'
        """
        if not self._size:
            return {}
        lines = [self._line(reversed(before)), self._line(behind)]
        said = {symbol for line in lines for symbol in line[1:]}
        size, distances = self._size, self._weights.distances
        sums = enumerate(each for line in lines for each in self._sums(line))
        parts = [map(mul, distances[at * size : (at + 1) * size], each) for at, each in sums if each]
        if not parts:
            return {}
        context = [*map(sum, zip(*parts, strict=True))]
        symbols = {char: self._symbols[char][0] for char in chars}
        return {
            char: sum(map(mul, context, self._said[symbol * size : (symbol + 1) * size])) + AGAIN * (symbol in said)
            for char, symbol in symbols.items()
            if symbol >= CLASSES and classify(ord(char)) not in ELSEWHERE
        }

    def _line(self, chars: Iterable[str]) -> list[int]:
        """The symbols of a line, a run as one; lost characters have a place each."""
        line = takewhile(BOUNDARY.__ne__, [self._symbols[char][0] for char in chars])
        return [one for last, one in pairwise(chain((BOUNDARY,), line)) if one != last or one not in _ONE]

    def _sums(self, line: Sequence[int]) -> Iterator[Sequence[int]]:
        """The sum of the vectors at each distance; lost characters say nothing."""
        says, size = self._says, self._size
        for first, last in DISTANCES:
            vectors = [says[one * size : (one + 1) * size] for one in line[first - 1 : last] if one != CONTROL]
            yield [*map(sum, zip(*vectors, strict=True))]
