"""From counts to a pruned backoff model; with numpy, for the builder only.

N-grams are keys: the symbols of one, `WIDTH` bits each, in one integer, so that sorting brings those of one context
together and the n-grams of a suffix are found by bisection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mojifix.model.ngram import MOST_SUCCESSORS

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

#: bits of a symbol in a key of up to four
WIDTH = 13


def suffix(keys: Keys, order: int) -> Keys:
    """The last `order` symbols of each key."""
    return keys & np.uint64((1 << (WIDTH * order)) - 1)


def groups(ordered: Keys) -> NDArray[np.int64]:
    """The index of the first of each run of equal keys."""
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))


def sizes(first: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    return np.diff(np.append(first, total))


def count(symbols: NDArray[np.uint16], order: int) -> tuple[Keys, Floats]:
    """The distinct n-grams, sorted, and how often each occurs. No n-gram runs over the end of a line."""
    size = len(symbols) - order + 1
    keys: Keys = np.zeros(size, np.uint64)
    whole = np.ones(size, bool)
    for at in range(order):
        part = symbols[at : at + size]
        keys = (keys << np.uint64(WIDTH)) | part.astype(np.uint64)
        if 0 < at < order - 1:
            whole &= part != 0
    keys = np.sort(keys[whole])
    first = groups(keys)
    return keys[first], sizes(first, len(keys)).astype(np.float64)


def smooth(counts: Sequence[tuple[Keys, Floats]], size: int, *, kneser_ney: bool = True) -> list[tuple[Keys, Floats]]:
    """Probabilities of every n-gram seen, interpolated with the lower orders."""
    probabilities: list[tuple[Keys, Floats]] = []
    for order, (keys, seen) in enumerate(counts, 1):
        if kneser_ney and 1 < order < len(counts):
            seen = _continuations(counts[order][0], keys, seen, order)
        if order == 1:
            unigram = np.full(size, 0.5)
            unigram[keys.astype(np.int64)] += seen
            probabilities.append((np.arange(size, dtype=np.uint64), unigram / unigram.sum()))
            continue
        first = groups(keys >> np.uint64(WIDTH))
        spans = sizes(first, len(keys))
        once, twice, thrice, four = (max(1, int((np.rint(seen) == times).sum())) for times in (1, 2, 3, 4))
        ratio = once / (once + 2 * twice)
        discount = np.select(
            [seen < 1.5, seen < 2.5],
            [1 - 2 * ratio * twice / once, 2 - 3 * ratio * thrice / twice],
            3 - 4 * ratio * four / thrice,
        )
        discount = np.clip(discount, 0.05, seen)
        total = np.repeat(np.maximum(np.add.reduceat(seen, first), 1.0), spans)
        freed = np.repeat(np.add.reduceat(discount, first), spans)
        lower = _lookup(probabilities[-1], suffix(keys, order - 1))
        probabilities.append((keys, (seen - discount + freed * lower) / total))
    return probabilities


def _continuations(longer: Keys, keys: Keys, seen: Floats, order: int) -> Floats:
    """In how many left contexts each n-gram was seen; one at the beginning of a line has none and keeps its count."""
    ends = np.sort(suffix(longer, order))
    first = groups(ends)
    kinds = np.where(keys >> np.uint64(WIDTH * (order - 1)) == 0, seen, 0.0)
    inner = np.searchsorted(keys, ends[first])
    kinds[inner] = np.maximum(kinds[inner], sizes(first, len(ends)))
    at_least_one: Floats = np.maximum(kinds, 1.0)
    return at_least_one


def _lookup(table: tuple[Keys, Floats], keys: Keys) -> Floats:
    found: Floats = table[1][np.searchsorted(table[0], keys)]
    return found


def prune(
    probabilities: Sequence[tuple[Keys, Floats]], counts: Sequence[tuple[Keys, Floats]], budget: int
) -> list[tuple[Keys, Floats]]:
    """The `budget` n-grams that save most bits, with every prefix and suffix of theirs (some 1 % more or less)."""
    gains = [_gain(probabilities, counts, order) for order in range(2, len(counts) + 1)]
    ranked = np.sort(np.concatenate(gains))[::-1]
    low, high = 0, min(budget, len(ranked))  # so many of the best fit with what they need; no more than so many do
    best = high
    while True:
        threshold = ranked[best - 1] if best else np.inf
        kept = _closure(probabilities, [gain >= threshold for gain in gains])
        total = sum(int(mask.sum()) for mask in kept)
        if total > budget:
            high = best - 1
        elif best == high or total > 0.99 * budget:
            break
        else:
            low = best
        best = (low + high + 1) // 2
    while kept and not kept[-1].any():
        kept.pop()
    return [
        probabilities[0],
        *((keys[mask], values[mask]) for (keys, values), mask in zip(probabilities[1:], kept, strict=False)),
    ]


def _gain(probabilities: Sequence[tuple[Keys, Floats]], counts: Sequence[tuple[Keys, Floats]], order: int) -> Floats:
    """Bits saved on the training text by each n-gram, against backing off."""
    keys, p = probabilities[order - 1]
    lower = _lookup(probabilities[order - 2], suffix(keys, order - 1))
    first = groups(keys >> np.uint64(WIDTH))
    spans = sizes(first, len(keys))
    rest = 1 - np.add.reduceat(p, first), 1 - np.add.reduceat(lower, first)
    backoff = np.maximum(rest[0], 1e-3) / np.maximum(rest[1], 1e-3)
    seen = np.add.reduceat(counts[order - 1][1], first)
    gain: Floats = p * np.repeat(seen, spans) * np.log2(p / (np.repeat(backoff, spans) * lower))
    return gain


def _closure(probabilities: Sequence[tuple[Keys, Floats]], masks: list[NDArray[np.bool_]]) -> list[NDArray[np.bool_]]:
    for order in range(len(probabilities), 2, -1):
        keys, p = probabilities[order - 1]
        mask = masks[order - 2]
        if order == 4:  # the number of successors is one byte: the least probable go
            chosen = np.flatnonzero(mask)
            chosen = chosen[np.lexsort((-p[chosen], keys[chosen] >> np.uint64(WIDTH)))]
            first = groups(keys[chosen] >> np.uint64(WIDTH))
            place = np.arange(len(chosen)) - np.repeat(first, sizes(first, len(chosen)))
            mask[chosen[place >= MOST_SUCCESSORS]] = False
        shorter = probabilities[order - 2][0]
        for needed in (keys[mask] >> np.uint64(WIDTH), suffix(keys[mask], order - 1)):
            masks[order - 3][np.searchsorted(shorter, np.unique(needed))] = True
    return masks


class Backoff:
    """The pruned model: kept probabilities, and backoff weights that make every distribution sum to one."""

    def __init__(self, kept: Sequence[tuple[Keys, Floats]]) -> None:
        self.kept = kept
        self.weights: list[Floats] = []
        for order in range(2, len(kept) + 1):
            keys, p = kept[order - 1]
            contexts = kept[order - 2][0]
            weight = np.ones(len(contexts))
            first = groups(keys >> np.uint64(WIDTH))
            lower = np.add.reduceat(self.probability(suffix(keys, order - 1), order - 1), first)
            rest = np.maximum(1 - np.add.reduceat(p, first), 1e-4) / np.maximum(1 - lower, 1e-4)
            weight[np.searchsorted(contexts, keys[first] >> np.uint64(WIDTH))] = rest
            self.weights.append(weight)

    def probability(self, keys: Keys, order: int) -> Floats:
        """Of the last symbol of each key, given the others."""
        table, p = self.kept[order - 1]
        at = np.minimum(np.searchsorted(table, keys), len(table) - 1)
        found: Floats = p[at]
        if order > 1 and (missing := table[at] != keys).any():
            contexts, prefix = self.kept[order - 2][0], keys[missing] >> np.uint64(WIDTH)
            place = np.minimum(np.searchsorted(contexts, prefix), len(contexts) - 1)
            weight = np.where(contexts[place] == prefix, self.weights[order - 2][place], 1.0)
            found[missing] = weight * self.probability(suffix(keys[missing], order - 1), order - 1)
        return found
