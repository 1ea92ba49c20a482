"""Train the language model: ``python -m mojifix.model.build`` (needs numpy and OpenCC, see the extra ``model``).

Counts of one to four symbols, interpolated modified Kneser-Ney smoothing (Chen and Goodman 1999), then pruning: an
n-gram stays when the bits that it saves on the training text, compared with backing off, exceed a threshold
(Seymore and Rosenfeld 1996); the threshold is the one that leaves the wished number of n-grams. What remains is
written as a backoff model whose distributions sum to one again. `benchmarks/model.py` compares the settings.

The same input gives the same bytes, whatever the order of the files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import os
import sys
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mojifix.model.alphabet import ASTRAL, CLASSES, RARE_HAN, RUNS, SYMBOL, classify, fold_table
from mojifix.model.ngram import MOST_SUCCESSORS, UNIT, Tables, dump
from mojifix.variants import simplify_char_map

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

#: bits of a symbol in a key of up to four
WIDTH = 13
ORDER = 4
#: a character needs this many sightings to be a symbol: below, its n-grams are noise
SIGHTINGS = 25
#: n-grams of two and more symbols: what 8 MB hold
NGRAMS = 5_000_000
_CODES = 0x110000


def _suffix(keys: Keys, order: int) -> Keys:
    """The last `order` symbols of each key."""
    return keys & np.uint64((1 << (WIDTH * order)) - 1)


def _groups(ordered: Keys) -> NDArray[np.int64]:
    """The index of the first of each run of equal keys."""
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))


def _sizes(first: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    return np.diff(np.append(first, total))


class Corpus:
    """Texts as symbols."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.sources = {path.name: path.read_bytes() for path in sorted(paths, key=lambda path: path.name)}
        codes = [_read(name, data) for name, data in self.sources.items()]
        han = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))]
        self.fold = fold_table(simplify_char_map(han))
        folded = np.arange(_CODES, dtype=np.uint32)
        folded[list(self.fold)] = [ord(char) for char in self.fold.values()]
        counts = sum((np.bincount(folded[text], minlength=_CODES) for text in codes), np.zeros(_CODES, np.int64))
        kinds = np.array([classify(code) for code in range(_CODES)], dtype=np.uint16)
        frequent = np.flatnonzero((counts >= SIGHTINGS) & np.isin(kinds, (RARE_HAN, SYMBOL, ASTRAL)))
        frequent = frequent[np.argsort(-counts[frequent], kind="stable")][: (1 << WIDTH) - CLASSES]
        self.vocabulary = "".join(map(chr, frequent))
        self.members = _members(codes, folded, [*frequent.tolist(), *self.fold])
        kinds[frequent] = np.arange(len(frequent), dtype=np.uint16) + CLASSES
        self.symbols = np.concatenate([_collapse(kinds[folded[text]]) for text in codes])

    @property
    def size(self) -> int:
        """Number of symbols."""
        return len(self.vocabulary) + CLASSES


def _read(name: str, data: bytes) -> NDArray[np.uint32]:
    text = (lzma.decompress(data) if name.endswith(".xz") else data).decode("utf-8")
    return np.frombuffer(("\n" + text + "\n").encode("utf-32-le"), dtype=np.uint32)


def _members(
    codes: Sequence[NDArray[np.uint32]], folded: NDArray[np.uint32], chars: list[int]
) -> tuple[list[int], list[int]]:
    """What each character costs beyond its symbol (see `Symbols`), in units, in simplified and traditional lines."""
    changed = folded != np.arange(_CODES)
    changed[:0x3400] = changed[0xFF00:0xFFF0] = False
    target = np.zeros(_CODES, bool)
    target[folded[changed]] = True
    seen = np.zeros((2, _CODES))
    for text in codes:
        first = np.flatnonzero(text == ord("\n"))
        votes = np.add.reduceat(changed[text].astype(np.int64) - target[text], first) > 0
        in_traditional = np.repeat(votes, _sizes(first, len(text)))
        seen[0] += np.bincount(text[~in_traditional], minlength=_CODES)
        seen[1] += np.bincount(text[in_traditional], minlength=_CODES)
    costs = []
    for script in seen:
        symbol = np.bincount(folded, weights=script, minlength=_CODES)
        costs.append(np.clip(_units((script[chars] + 0.5) / (symbol[folded[chars]] + 1.0)), 0, 255).tolist())
    return costs[0], costs[1]


def _collapse(symbols: NDArray[np.uint16]) -> NDArray[np.uint16]:
    run = np.isin(symbols[1:], list(RUNS)) & (symbols[1:] == symbols[:-1])
    return symbols[np.concatenate(([True], ~run))]


def count(symbols: NDArray[np.uint16], order: int) -> tuple[Keys, Floats]:
    """The distinct n-grams, sorted, and how often each occurs. No n-gram runs over the end of a line."""
    size = len(symbols) - order + 1
    keys = np.zeros(size, np.uint64)
    whole = np.ones(size, bool)
    for at in range(order):
        part = symbols[at : at + size]
        keys = (keys << np.uint64(WIDTH)) | part.astype(np.uint64)
        if 0 < at < order - 1:
            whole &= part != 0
    keys = np.sort(keys[whole])
    first = _groups(keys)
    return keys[first], _sizes(first, len(keys)).astype(np.float64)


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
        first = _groups(keys >> np.uint64(WIDTH))
        sizes = _sizes(first, len(keys))
        once, twice, thrice, four = (max(1, int((np.rint(seen) == times).sum())) for times in (1, 2, 3, 4))
        ratio = once / (once + 2 * twice)
        discount = np.select(
            [seen < 1.5, seen < 2.5],
            [1 - 2 * ratio * twice / once, 2 - 3 * ratio * thrice / twice],
            3 - 4 * ratio * four / thrice,
        )
        discount = np.clip(discount, 0.05, seen)
        total = np.repeat(np.maximum(np.add.reduceat(seen, first), 1.0), sizes)
        freed = np.repeat(np.add.reduceat(discount, first), sizes)
        lower = _lookup(probabilities[-1], _suffix(keys, order - 1))
        probabilities.append((keys, (seen - discount + freed * lower) / total))
    return probabilities


def _continuations(longer: Keys, keys: Keys, seen: Floats, order: int) -> Floats:
    """In how many left contexts each n-gram was seen; one at the beginning of a line has none and keeps its count."""
    ends = np.sort(_suffix(longer, order))
    first = _groups(ends)
    kinds = np.where(keys >> np.uint64(WIDTH * (order - 1)) == 0, seen, 0.0)
    inner = np.searchsorted(keys, ends[first])
    kinds[inner] = np.maximum(kinds[inner], _sizes(first, len(ends)))
    return np.maximum(kinds, 1.0)


def _lookup(table: tuple[Keys, Floats], keys: Keys) -> Floats:
    found: Floats = table[1][np.searchsorted(table[0], keys)]
    return found


def prune(
    probabilities: Sequence[tuple[Keys, Floats]], counts: Sequence[tuple[Keys, Floats]], budget: int
) -> list[tuple[Keys, Floats]]:
    """The `budget` n-grams that save most bits, with every prefix and suffix of theirs (some 1 % more or less)."""
    gains = [_gain(probabilities, counts, order) for order in range(2, len(counts) + 1)]
    joint = np.concatenate(gains)
    threshold, low, high = float(np.sort(joint)[-min(budget, len(joint))]), 0.0, 0.0
    while True:
        kept = _closure(probabilities, [gain > threshold for gain in gains])
        total = sum(int(mask.sum()) for mask in kept)
        if total <= budget and (total > 0.99 * budget or threshold <= 0):
            break
        if total > budget:
            low, threshold = threshold, (threshold + high) / 2 if high else threshold * 1.25
        else:
            high, threshold = threshold, (threshold + low) / 2
        if high and high - low < 1e-6 * high:
            break
    return [
        probabilities[0],
        *((keys[mask], values[mask]) for (keys, values), mask in zip(probabilities[1:], kept, strict=True)),
    ]


def _gain(probabilities: Sequence[tuple[Keys, Floats]], counts: Sequence[tuple[Keys, Floats]], order: int) -> Floats:
    """Bits saved on the training text by each n-gram, against backing off."""
    keys, p = probabilities[order - 1]
    lower = _lookup(probabilities[order - 2], _suffix(keys, order - 1))
    first = _groups(keys >> np.uint64(WIDTH))
    sizes = _sizes(first, len(keys))
    rest = 1 - np.add.reduceat(p, first), 1 - np.add.reduceat(lower, first)
    backoff = np.maximum(rest[0], 1e-3) / np.maximum(rest[1], 1e-3)
    seen = np.add.reduceat(counts[order - 1][1], first)
    gain: Floats = p * np.repeat(seen, sizes) * np.log2(p / (np.repeat(backoff, sizes) * lower))
    return gain


def _closure(probabilities: Sequence[tuple[Keys, Floats]], masks: list[NDArray[np.bool_]]) -> list[NDArray[np.bool_]]:
    for order in range(len(probabilities), 2, -1):
        keys, p = probabilities[order - 1]
        mask = masks[order - 2]
        if order == 4:  # the number of successors is one byte: the least probable go
            chosen = np.flatnonzero(mask)
            chosen = chosen[np.lexsort((-p[chosen], keys[chosen] >> np.uint64(WIDTH)))]
            first = _groups(keys[chosen] >> np.uint64(WIDTH))
            place = np.arange(len(chosen)) - np.repeat(first, _sizes(first, len(chosen)))
            mask[chosen[place >= MOST_SUCCESSORS]] = False
        shorter = probabilities[order - 2][0]
        for needed in (keys[mask] >> np.uint64(WIDTH), _suffix(keys[mask], order - 1)):
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
            first = _groups(keys >> np.uint64(WIDTH))
            lower = np.add.reduceat(self.probability(_suffix(keys, order - 1), order - 1), first)
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
            found[missing] = weight * self.probability(_suffix(keys[missing], order - 1), order - 1)
        return found

    def tables(self, corpus: Corpus) -> Tables:
        """In the layout of the file: successors of a context from the most to the least probable, as ranks."""
        contexts = self.kept[0][0]
        place = np.arange(len(contexts))  # of each context, in the order of the file
        ranks = contexts
        successors, costs, backoffs, children = [], [], [], []
        for order in range(2, ORDER + 1):
            none = (np.zeros(0, np.uint64), np.zeros(0))
            keys, p = self.kept[order - 1] if order <= len(self.kept) else none
            weights = self.weights[order - 2] if order <= len(self.kept) else np.ones(len(contexts))
            parent = place[np.searchsorted(contexts, keys >> np.uint64(WIDTH))]
            rank = ranks[np.searchsorted(contexts, _suffix(keys, order - 1))]
            code = np.clip(_units(p), 0, 255)
            filed = np.lexsort((rank, code, parent))
            number = np.bincount(parent, minlength=len(contexts))
            successors.append(rank[filed].astype(np.uint16).tolist())
            costs.append(code[filed].astype(np.uint8).tobytes())
            children.append(number.tolist())
            in_file = np.empty(len(contexts), np.int8)
            in_file[place] = np.clip(_units(weights), -128, 127)
            backoffs.append(array("b", in_file.tobytes()))
            start = np.cumsum(number) - number
            place = np.empty(len(keys), np.int64)
            place[filed] = np.arange(len(keys))
            contexts, ranks = keys, (place - start[parent]).astype(np.uint64)
        return Tables(
            corpus.vocabulary,
            corpus.fold,
            corpus.members,
            np.clip(_units(self.kept[0][1]), 0, 255).tolist(),
            (successors[0], successors[1], successors[2]),
            (costs[0], costs[1], costs[2]),
            (backoffs[0], backoffs[1], backoffs[2]),
            (children[0], children[1], children[2]),
        )


def _units(p: Floats) -> NDArray[np.int64]:
    return np.rint(-np.log2(p) / UNIT).astype(np.int64)


def build(
    paths: Sequence[Path], *, order: int = ORDER, ngrams: int = NGRAMS, kneser_ney: bool = True
) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a model, and where it comes from."""
    corpus = Corpus(paths)
    counts = [count(corpus.symbols, n) for n in range(1, order + 1)]
    kept = prune(smooth(counts, corpus.size, kneser_ney=kneser_ney), counts, ngrams)
    about: dict[str, Any] = {
        "order": order,
        "smoothing": "modified Kneser-Ney" if kneser_ney else "absolute discounting",
        "ngrams": [len(keys) for keys, _ in kept],
        "symbols_read": len(corpus.symbols),
    }
    data = dump(Backoff(kept).tables(corpus), about)
    sources = {name: hashlib.sha256(source).hexdigest() for name, source in corpus.sources.items()}
    return data, {**about, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "sources": sources}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the builder."""
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(prog="python -m mojifix.model.build", description=__doc__.split("\n")[0])
    parser.add_argument(
        "texts",
        nargs="*",
        type=Path,
        help="UTF-8 text, .txt or .txt.xz, one paragraph a line "
        "(default: corpus/*.txt.xz in the folder that MOJIFIX_DATA names)",
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=here / "zh.bin", help="the model (its .json goes beside it)"
    )
    parser.add_argument(
        "--ngrams", type=int, default=NGRAMS, help="n-grams of two and more symbols to keep (default: %(default)s)"
    )
    parser.add_argument(
        "--order", type=int, choices=(2, 3, 4), default=ORDER, help="longest n-gram (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    texts = options.texts or sorted(Path(os.environ.get("MOJIFIX_DATA", "."), "corpus").glob("*.txt.xz"))
    if not texts:
        parser.error("no text to learn from: name files, or set MOJIFIX_DATA to a folder with corpus/*.txt.xz")
    data, about = build(texts, order=options.order, ngrams=options.ngrams)
    options.output.write_bytes(data)
    options.output.with_suffix(".json").write_text(json.dumps(about, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{options.output}: {len(data):,} bytes, n-grams {about['ngrams']}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
