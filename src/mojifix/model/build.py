"""Train the language model: ``python -m mojifix.model.build`` (needs numpy and OpenCC, see the extra ``build-model``).

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
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mojifix.model.alphabet import CLASSES, KANA, KANA_SHARE, RUNS, SPELLED, classify, full_width
from mojifix.model.build_estimate import WIDTH, Backoff, Floats, count, prune, sizes, smooth, suffix
from mojifix.model.build_wide import PAIRS, learn
from mojifix.model.ngram import UNIT, Tables, dump
from mojifix.model.wide import NOTHING, Weights
from mojifix.variants import simplify_char_map

ORDER = 4
#: a character needs this many sightings to be a symbol: below, its n-grams are noise
SIGHTINGS = 25
#: a traditional character that is at least this frequent in simplified text, against its simplified form, is a
#: character there and not only another form: 乾 is 3.3 % of 干 in the corpus, while 於 is 0.3 % of 于, 後 0.06 % of 后
OWN_SHARE = 0.03
#: n-grams of two and more symbols: what 7.3 MB hold, beside 0.4 MB of what the rest of a line says
NGRAMS = 4_110_000
_CODES = 0x110000


class Corpus:
    """Texts as symbols."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.sources = {path.name: path.read_bytes() for path in sorted(paths, key=lambda path: path.name)}
        codes = [_read(name, data) for name, data in self.sources.items()]
        han = map(chr, (*range(0x3400, 0xA000), *range(0xF900, 0xFB00)))
        forms = {ord(old): ord(new) for old, new in simplify_char_map(han).items() if old != new}
        seen = _by_script(codes, forms)
        simplified = seen[0]
        own = {old for old, new in forms.items() if simplified[old] > max(SIGHTINGS, OWN_SHARE * simplified[new])}
        self.fold = full_width() | {old: chr(new) for old, new in forms.items() if old not in own}
        folded = np.arange(_CODES, dtype=np.uint32)
        folded[list(self.fold)] = [ord(char) for char in self.fold.values()]
        counts = np.bincount(folded, weights=sum(seen), minlength=_CODES)
        kinds = np.array([classify(code) for code in range(_CODES)], dtype=np.uint16)
        frequent = np.flatnonzero((counts >= SIGHTINGS) & np.isin(kinds, SPELLED))
        frequent = frequent[np.argsort(-counts[frequent], kind="stable")][: (1 << WIDTH) - CLASSES]
        self.vocabulary = "".join(map(chr, frequent))
        chars = [*frequent.tolist(), *self.fold]
        self.members = [_members(script, folded, chars) for script in seen]
        kinds[frequent] = np.arange(len(frequent), dtype=np.uint16) + CLASSES
        self.symbols = np.concatenate([_collapse(kinds[folded[text]]) for text in codes])

    @property
    def size(self) -> int:
        """Number of symbols."""
        return len(self.vocabulary) + CLASSES


def _read(name: str, data: bytes) -> NDArray[np.uint32]:
    text = (lzma.decompress(data) if name.endswith(".xz") else data).decode("utf-8")
    return np.frombuffer(("\n" + text + "\n").encode("utf-32-le"), dtype=np.uint32)


def _by_script(codes: Sequence[NDArray[np.uint32]], forms: Mapping[int, int]) -> list[Floats]:
    """How often each code point occurs in simplified, in traditional and in Japanese lines. A line is Japanese if so
    much of it is kana, and traditional if most of its characters with two forms are."""
    votes = np.zeros(_CODES, np.int64)
    votes[list(forms.values())] = -1
    votes[list(forms)] = 1
    kana = np.zeros(_CODES, np.int64)
    kana[[code for code in range(0x3000, 0x3100) if KANA.match(chr(code))]] = 1
    seen = np.zeros((3, _CODES))
    for text in codes:
        first = np.flatnonzero(text == ord("\n"))
        lengths = sizes(first, len(text))
        script = np.where(np.add.reduceat(votes[text], first) > 0, 1, 0)
        script[np.add.reduceat(kana[text], first) > KANA_SHARE * lengths] = 2
        script = np.repeat(script, lengths)
        for number in range(3):
            seen[number] += np.bincount(text[script == number], minlength=_CODES)
    return [*seen]


def _members(seen: Floats, folded: NDArray[np.uint32], chars: list[int]) -> list[int]:
    """What each character costs beyond its symbol (see `Symbols`), in units."""
    symbol = np.bincount(folded, weights=seen, minlength=_CODES)
    costs: list[int] = np.clip(_units((seen[chars] + 0.5) / (symbol[folded[chars]] + 1.0)), 0, 255).tolist()
    return costs


def _collapse(symbols: NDArray[np.uint16]) -> NDArray[np.uint16]:
    run = np.isin(symbols[1:], list(RUNS)) & (symbols[1:] == symbols[:-1])
    collapsed: NDArray[np.uint16] = symbols[np.concatenate(([True], ~run))]
    return collapsed


def tables(model: Backoff, corpus: Corpus, wide: Weights = NOTHING) -> Tables:
    """In the layout of the file: successors of a context from the most to the least probable, as ranks."""
    contexts = model.kept[0][0]
    place = np.arange(len(contexts))  # of each context, in the order of the file
    ranks = contexts
    successors, costs, backoffs, children = [], [], [], []
    for order in range(2, ORDER + 1):
        none = (np.zeros(0, np.uint64), np.zeros(0))
        keys, p = model.kept[order - 1] if order <= len(model.kept) else none
        weights = model.weights[order - 2] if order <= len(model.kept) else np.ones(len(contexts))
        parent = place[np.searchsorted(contexts, keys >> np.uint64(WIDTH))]
        rank = ranks[np.searchsorted(contexts, suffix(keys, order - 1))]
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
        np.clip(_units(model.kept[0][1]), 0, 255).tolist(),
        (successors[0], successors[1], successors[2]),
        (costs[0], costs[1], costs[2]),
        (backoffs[0], backoffs[1], backoffs[2]),
        (children[0], children[1], children[2]),
        wide,
    )


def _units(p: Floats) -> NDArray[np.int64]:
    return np.rint(-np.log2(p) / UNIT).astype(np.int64)


def build(
    paths: Sequence[Path], *, order: int = ORDER, ngrams: int = NGRAMS, kneser_ney: bool = True, pairs: int = PAIRS
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
        "pairs": pairs,
    }
    weights = learn(corpus.symbols, corpus.vocabulary, pairs)
    data = dump(tables(Backoff(kept), corpus, weights), about)
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
    parser.add_argument(
        "--pairs",
        type=int,
        default=PAIRS,
        help="pairs of characters from which to learn what the rest of a line says; 0: nothing (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    texts = options.texts or sorted(Path(os.environ.get("MOJIFIX_DATA", "."), "corpus").glob("*.txt.xz"))
    if not texts:
        parser.error("no text to learn from: name files, or set MOJIFIX_DATA to a folder with corpus/*.txt.xz")
    data, about = build(texts, order=options.order, ngrams=options.ngrams, pairs=options.pairs)
    options.output.write_bytes(data)
    options.output.with_suffix(".json").write_text(json.dumps(about, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{options.output}: {len(data):,} bytes, n-grams {about['ngrams']}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
