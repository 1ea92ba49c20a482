"""Learns what the rest of a line says of a character (see `mojifix.model.wide`); with numpy and scipy, for the builder.

The task: which of two characters stands here, the one that does, or another one that follows the same neighbour
elsewhere, or comes before it? Both begin with the same byte in UTF-8, as what is lost mostly does; sorting finds the
other one, and of those that share a neighbour it finds one that shares as many more as may be. What the neighbours say
is so no help, and what is learned comes on top of n-grams. Logistic regression of the difference, by stochastic
gradient descent with a rate for each number (Adagrad: Duchi, Hazan and Singer 2011).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mojifix.model.alphabet import BOUNDARY, CLASSES, CONTROL, HANGUL, HIRAGANA, KATAKANA, RARE_HAN, classify
from mojifix.model.build_estimate import WIDTH, sizes
from mojifix.model.wide import DISTANCES, FAR, NOTHING, Weights

Vectors = NDArray[np.float32]

#: numbers in a vector; pairs looked at, of them at a time, and the rate at first
SIZE = 64
PAIRS = 80_000_000
BATCH = 4096
RATE = 0.12
#: symbols that are hidden while it learns, as they are where they are lost
HIDDEN = 0.12
#: the step of the numbers that are written, as a share of how far they are apart
STEP = 0.5
#: hanzi that one kana outweighs, more than a line has
FOREIGN = 1 << 20
#: batches between two lines that say how it goes
NEWS = 2000


def learn(symbols: NDArray[np.uint16], vocabulary: str, pairs: int = PAIRS) -> Weights:
    """The weights, from the symbols of a corpus."""
    if not pairs:
        return NOTHING
    places, others = _pairs(symbols, vocabulary, pairs)
    learner = _Learner(symbols, CLASSES + len(vocabulary))
    batches = max(1, len(places) // BATCH)
    bits = 0.0
    for batch in range(batches):
        part = slice(batch * BATCH, (batch + 1) * BATCH)
        bits += learner.step(places[part], others[part], RATE * (1.0 - batch / batches))
        if batch % NEWS == NEWS - 1:
            print(f"pairs {part.stop:,}: {bits / NEWS:.4f} bits each", file=sys.stderr, flush=True)
            bits = 0.0
    return learner.weights([classify(ord(char)) == RARE_HAN for char in vocabulary])


def _pairs(symbols: NDArray[np.uint16], vocabulary: str, number: int) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Places, shuffled, and for each a symbol that might as well stand there for all that a neighbour says."""
    first = [char.encode()[0] for char in vocabulary]  # of full-width forms, too, there is one
    kinds = np.array([0] * CLASSES + [1 + max(byte - 0xC0, 0) for byte in first], np.uint64)
    size = len(symbols)
    before, nearer, here, behind, further = (symbols[at : size - 4 + at] for at in range(5))
    inside = np.flatnonzero((kinds[here] > 0) & _chinese(symbols, vocabulary)[2:-2])
    here = here[inside]
    places, others = [], []
    for order in ((nearer, behind, before, further), (behind, nearer, further, before)):
        key = kinds[here]
        for part in order:
            key = (key << np.uint64(WIDTH)) | part[inside].astype(np.uint64)
        filed = np.argsort(key, kind="stable")
        alike = key[filed] >> np.uint64(3 * WIDTH)
        apart = (alike[1:] == alike[:-1]) & (here[filed[1:]] != here[filed[:-1]])
        one, other = filed[:-1][apart], filed[1:][apart]
        places += [inside[one], inside[other]]
        others += [here[other], here[one]]
    shuffled = np.random.default_rng(0).permutation(sum(map(len, places)))[:number]
    return np.concatenate(places)[shuffled].astype(np.uint32) + np.uint32(2), np.concatenate(others)[shuffled]


def _chinese(symbols: NDArray[np.uint16], vocabulary: str) -> NDArray[np.bool_]:
    """Which symbols are in lines that are Chinese: half of them are hanzi, and none is kana or Hangul. With Japanese
    and Korean among the pairs 4 % more bits are left open in Chinese."""
    spelled = [classify(ord(char)) for char in vocabulary]
    hanzi = np.array([0] * CLASSES + [kind == RARE_HAN for kind in spelled], np.int64)
    hanzi[[HIRAGANA, KATAKANA, HANGUL]] = -FOREIGN
    hanzi[CLASSES:][np.isin(spelled, (HIRAGANA, KATAKANA, HANGUL))] = -FOREIGN
    first = np.flatnonzero(np.concatenate(([True], symbols[1:] == BOUNDARY)))
    lengths = sizes(first, len(symbols))
    return np.repeat(2 * np.add.reduceat(hanzi[symbols], first) >= lengths, lengths)


class _Learner:
    """The vectors on their way; the last of `says` is nought, for what says nothing."""

    def __init__(self, symbols: NDArray[np.uint16], number: int) -> None:
        self._random = np.random.default_rng(0)
        edge = np.full(FAR, BOUNDARY, symbols.dtype)
        self._symbols = np.concatenate((edge, symbols, edge))
        self._nothing = number
        self._says = self._vectors(number + 1)
        self._said = self._vectors(number)
        rows = 2 * [[1.0 / (1.0 + last / 6.0)] * SIZE for _, last in DISTANCES]
        self._distances: Vectors = np.array(rows, np.float32)
        self._squares = [np.full_like(all_, 1e-3) for all_ in self._all()]

    def _vectors(self, number: int) -> Vectors:
        return self._random.normal(0.0, 0.1, (number, SIZE)).astype(np.float32)

    def _all(self) -> tuple[Vectors, Vectors, Vectors]:
        return self._says, self._said, self._distances

    def step(self, places: NDArray[np.uint32], others: NDArray[np.uint16], rate: float) -> float:
        """Learns from some pairs; bits that it took to tell them apart."""
        says, said, distances = self._all()
        says[self._nothing] = 0.0
        around = [*self._around(places.astype(np.int64) + FAR)]
        sums = [rows @ says for rows in around]
        context = sum(weights * each for weights, each in zip(distances, sums, strict=True))
        one = self._rows(self._symbols[places.astype(np.int64) + FAR][:, None], len(said))
        other = self._rows(others[:, None], len(said))
        apart = (one - other) @ said
        margin = (context * apart).sum(1)
        wrong = (1.0 / (1.0 + np.exp(margin)))[:, None]
        of_sum = wrong * apart
        slopes = (
            sum(rows.T @ (of_sum * weights) for weights, rows in zip(distances, around, strict=True)),
            (one - other).T @ (wrong * context),
            np.stack([(of_sum * each).sum(0) for each in sums]),
        )
        for values, slope, squares in zip(self._all(), slopes, self._squares, strict=True):
            squares += slope * slope
            values += rate * slope / np.sqrt(squares)
        return float(np.logaddexp(0.0, -margin).mean()) / log(2.0)

    def _around(self, places: NDArray[np.int64]) -> Iterator[csr_matrix]:
        """The symbols at each distance from some places, in their lines, without those that are hidden."""
        for direction in (-1, 1):
            line = self._symbols[places[:, None] + direction * np.arange(1, FAR + 1)].astype(np.int64)
            known = np.logical_and.accumulate(line != BOUNDARY, axis=1) & (line != CONTROL)
            line[~known | (self._random.random(line.shape) < HIDDEN)] = self._nothing
            for first, last in DISTANCES:
                yield self._rows(line[:, first - 1 : last], self._nothing + 1)

    def _rows(self, symbols: NDArray[np.integer], number: int) -> csr_matrix:
        ends = np.arange(0, symbols.size + 1, symbols.shape[1])
        return csr_matrix((np.ones(symbols.size, np.float32), symbols.ravel(), ends), (len(symbols), number))

    def weights(self, hanzi: list[bool]) -> Weights:
        """As they are written. What is no hanzi says nothing: in code and tables other signs stand around than in
        prose, where 2 % of the bits come from them."""
        says, said = self._says[: self._nothing], self._said
        steps = [STEP * all_.std(0) for all_ in (says, said)]
        written = [np.clip(np.rint(all_ / step), -127, 127) for all_, step in zip((says, said), steps, strict=True)]
        written[0][CLASSES:][~np.array(hanzi)] = 0.0
        written[0][:CLASSES] = 0.0
        distances = self._distances * steps[0] * steps[1] / log(2.0)
        one, other = (all_.astype(np.int8).tobytes() for all_ in written)
        return Weights(one, other, array("f", distances.astype("<f4").tobytes()))
