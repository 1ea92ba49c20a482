"""The language model: bits per character by domain, size, speed, and how well it restores lost characters.

    MOJIFIX_DATA=FOLDER python benchmarks/model.py [--write] [--compare] [--errors 10]

`--compare` trains models of several settings (about two minutes each) and measures them in the same way.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from common import data, publish, sentences, table, unseen

from mojifix.charsets import POLICIES
from mojifix.lattice import CHARSETS, read
from mojifix.model import Model, load
from mojifix.search import best_reading

DOMAINS = {
    "simplified web": "zh_hans_web",
    "simplified tech": "zh_hans_tech",
    "chat": "chat_informal",
    "traditional": "zh_hant",
    "classical": "classical",
}
SENTENCES = 400
#: (name, order, n-grams, Kneser-Ney)
SETTINGS = [
    ("4-grams, 4.11 M (as shipped)", 4, 4_110_000, True),
    ("4-grams, 2.2 M", 4, 2_200_000, True),
    ("4-grams, 8.7 M", 4, 8_700_000, True),
    ("3-grams, 4.11 M", 3, 4_110_000, True),
    ("2-grams, all", 2, 4_110_000, True),
    ("4-grams, 4.11 M, absolute discounting", 4, 4_110_000, False),
]


class Restored:
    """UTF-8 read by CPython's `gbk` and read back: what became of the lost characters of some sentences."""

    def __init__(self, model: Model, texts: list[str]) -> None:
        self.lost = self.right = self.exact = self.characters = 0
        self.seconds = 0.0
        self.guesses: list[tuple[float, bool]] = []
        self.errors: list[str] = []
        policy, utf8 = POLICIES["gbk/cpython"], CHARSETS["utf-8"]
        for text in texts:
            damaged = policy.decode(text.encode())
            start = time.perf_counter()
            pattern = policy.pattern(damaged, never=utf8.never)
            reading = best_reading(read(pattern, "utf-8"), model)
            self.seconds += time.perf_counter() - start
            self.characters += len(damaged)
            self.exact += reading.text == text
            self._count(text, reading.text, lost_places(text, damaged))
            for guess in reading.guesses:
                right = len(reading.text) == len(text) and text[guess.start] == guess.text
                self.guesses.append((guess.probability, right))
                if not right:
                    place = text[max(0, guess.start - 8) : guess.start + 9]
                    self.errors.append(f"{place}: {text[guess.start : guess.start + 1]} -> {guess}")

    def _count(self, text: str, found: str, places: set[int]) -> None:
        self.lost += len(places)
        if len(found) == len(text):
            self.right += sum(found[place] == text[place] for place in places)


def lost_places(text: str, damaged: str) -> set[int]:
    """The characters of which a byte was lost."""
    owner = [number for number, char in enumerate(text) for _ in char.encode()]
    at, places = 0, set()
    for item in POLICIES["gbk/cpython"].pattern(damaged):
        if isinstance(item, bytes):
            at += len(item)
        else:  # this decoder makes one mark of one byte
            places.add(owner[at])
            at += 1
    return places


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def measure(model: Model) -> dict[str, tuple[float, Restored]]:
    """By domain: bits per character of the whole file, and sentences restored."""
    found = {}
    for domain, name in DOMAINS.items():
        text = unseen(name)
        bits = sum(model.bits(line + "\n") for line in text.splitlines()) / len(text)
        found[domain] = bits, Restored(model, sentences(name, SENTENCES, shortest=4 if name == "classical" else 12))
    return found


def shipped(errors: int) -> str:
    model_file = Path(sys.modules["mojifix.model"].__file__ or "").with_name("zh.bin")
    seconds = min(timed(lambda: Model(model_file.read_bytes())) for _ in range(5))
    model = load()
    text = unseen("zh_hans_web")
    scoring = min(timed(lambda: model.bits(text)) for _ in range(5))
    results = measure(model)
    rows = [
        (
            domain,
            f"{bits:.2f}",
            found.lost,
            percent(found.right, found.lost),
            percent(found.exact, SENTENCES),
            percent(sum(p >= 0.9 for p, _ in found.guesses), len(found.guesses)),
            percent(sum(ok for p, ok in found.guesses if p >= 0.9), sum(p >= 0.9 for p, _ in found.guesses)),
            f"{found.characters / found.seconds / 1000:.0f} k",
        )
        for domain, (bits, found) in results.items()
    ]
    head = [
        "unseen text",
        "bits a character",
        "lost",
        "restored %",
        "sentences exact %",
        "p ≥ 0.9 %",
        "of these right %",
    ]
    everything = [guess for _, found in results.values() for guess in found.guesses]
    bins = [(low, low + 0.1) for low in (x / 10 for x in range(10))]
    calibration = []
    for low, high in bins:
        inside = [(p, ok) for p, ok in everything if low <= p < high or (high == 1.0 and p >= low)]
        if inside:
            mean = 100 * sum(p for p, _ in inside) / len(inside)
            calibration.append(
                (f"{low:.1f}-{high:.1f}", len(inside), f"{mean:.0f}", percent(sum(ok for _, ok in inside), len(inside)))
            )
    for _, found in results.values():
        print(*found.errors[:errors], sep="\n")
    sizes = ", ".join(f"{n:,}" for n in model.grams)
    speed = len(text) / scoring / 1e6
    return (
        f"{model_file.stat().st_size / 1e6:.2f} MB, n-grams of order 1 to 4: {sizes}; "
        f"loaded in {1000 * seconds:.0f} ms; {speed:.2f} M characters scored a second.\n\n"
        "UTF-8 read by CPython's `gbk` with errors replaced; sentences of 12-60 characters (classical: 4-60), each "
        "alone:\n\n"
        + table([*head, "characters a second"], rows)
        + "\nHow far the stated probabilities are true, all five together:\n\n"
        + table(["probability", "characters", "mean stated %", "right %"], calibration)
    )


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare() -> str:
    from mojifix.model import build

    corpus = build.Corpus(sorted((data() / "corpus").glob("*.txt.xz")))
    counts = [build.count(corpus.symbols, order) for order in range(1, build.ORDER + 1)]
    rows = []
    for name, order, ngrams, kneser_ney in SETTINGS:
        smoothed = build.smooth(counts[:order], corpus.size, kneser_ney=kneser_ney)
        kept = build.prune(smoothed, counts[:order], ngrams)
        file = build.dump(build.tables(build.Backoff(kept), corpus), {})
        results = measure(Model(file)).values()
        cells = [f"{bits:.2f} / {percent(found.right, found.lost)}" for bits, found in results]
        rows.append((name, f"{len(file) / 1e6:.1f}", *cells))
        print(rows[-1], flush=True)
    head = ["setting", "MB", *DOMAINS]
    return "Bits a character / lost characters restored %, by n-grams alone.\n\n" + table(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    parser.add_argument("--compare", action="store_true", help="train and measure other settings too")
    parser.add_argument("--errors", type=int, default=0, help="show so many errors of each domain")
    options = parser.parse_args()
    publish("Language model", shipped(options.errors))
    if options.compare:
        publish("Language model: settings", compare())


if __name__ == "__main__":
    main()
