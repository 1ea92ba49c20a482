"""Speed: on damaged documents and lines, on clean text, and on text made to be slow.

    MOJIFIX_DATA=FOLDER python benchmarks/speed.py [--only damaged|clean|hostile] [--channels REGEX] [--write]

Speeds are medians of several runs, in one process, after the model is loaded. Documents are paragraphs of about 2,000
characters, lines are sentences, each given alone. The ratio of hostile text is the time for 2n characters by the time
for n: 2 where time is linear.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from accidents import channels
from common import data, ftfy, paragraphs, plsfix, publish, table
from damages import LANGUAGES, Channel

import mojifix

RUNS = 3
#: seconds: what is faster is repeated until it takes so long, for a clock is not exact
LEAST = 0.02

#: text that costs most where something is done for every mark, bracket or character again
HOSTILE = {
    "(": "(",
    "?": "?",
    "U+FFFD": "\ufffd",
    "鈥": "鈥",
    "業(yè)": "業(yè)",
    "闂傚倸鍊搁崐": "闂傚倸鍊搁崐",
    "Ã": "Ã",
    "lone surrogates": "\ud800",
    "NUL": "\0",
    "浣\ufffd (each second byte lost)": "浣\ufffd",
    "锟斤拷": "锟斤拷",
    "line ends": "\n",
    "&#65533;": "&#65533;",
    "one enormous line of damage": "涓枃娴嬭瘯锛屼綘濂�",
    "one enormous clean line": "中文测试，你好。",
    "one damaged word in clean text": "",
}
DAMAGED_WORD = "娴嬭瘯"
SHORT = "好", "?", "a(b)", "\ufffd", DAMAGED_WORD, ""


def seconds(action: Callable[[], object], least: float = LEAST) -> float:
    """The median of some runs."""
    times = 1
    while (spent := _spent(action, times)) < least:
        times *= 2 if spent < least / 16 else 1 + int(least / spent)
    return statistics.median([spent, *(_spent(action, times) for _ in range(RUNS - 1))]) / times


def _spent(action: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        action()
    return time.perf_counter() - start


def rate(texts: list[str], tool: Callable[[str], object], least: float = LEAST) -> float:
    """Characters a second."""
    return sum(map(len, texts)) / seconds(lambda: [tool(text) for text in texts], least)


# Damaged -------------------------------------------------------------------------------------------------------------


def damaged(only: str, number: int) -> str:
    chosen = [channel for channel in channels() if channel.file not in LANGUAGES and re.search(only, channel.name)]
    rows = []
    for at, channel in enumerate(chosen, 1):
        print(f"\r\033[K{at}/{len(chosen)} {channel.name}", end="", file=sys.stderr, flush=True)
        documents = list(_seen(channel, paragraphs(channel.file, 4 * number), number))
        short = list(_seen(channel, channel.texts(40 * number), 10 * number))
        if documents and short:
            for text in (documents[0], short[0]):
                mojifix.fix(text)
            speeds = (f"{rate(texts, mojifix.fix, 0) / 1000:.0f}" for texts in (documents, short))
            rows.append((channel.name, f"{sum(map(len, documents)):,}", *speeds))
    print("\r\033[K", end="", file=sys.stderr)
    head = ["damaged text", "characters", "documents: k characters a second", "lines: k characters a second"]
    return table(head, rows)


def _seen(channel: Channel, texts: list[str], number: int) -> Iterator[str]:
    for text in texts:
        try:
            seen = channel.damage(text)
        except UnicodeError:
            continue
        if seen != text:
            yield seen
            number -= 1
        if not number:
            return


# Clean ---------------------------------------------------------------------------------------------------------------


def clean(size: int) -> str:
    """Each file as one text, and as lines; beside UTF-8 encoding and the other tools."""
    rows = []
    beside = plsfix()
    texts = {
        path.stem: path.read_text(encoding="utf-8")[:size] for path in sorted((data() / "clean_dev").glob("*.txt"))
    }
    texts["ASCII"] = "".join(char for char in texts["zh_hans_tech"] + texts["european_latin"] if char.isascii())
    for name, text in texts.items():
        own = rate([text], mojifix.fix)
        others = [rate([text], _bytes), rate([text[: size // 20]], ftfy, 0), rate([text], beside) if beside else 0]
        speeds = (
            f"{speed / 1e6:.2f}" if speed else "-" for speed in (own, rate(text.split("\n"), mojifix.fix), *others)
        )
        rows.append((name, f"{len(text):,}", *speeds, *(f"{own / other:.3g}" if other else "-" for other in others)))
    head = ["clean text", "characters", "whole", "by line", "encode", "ftfy", "plsfix"]
    ratios = ["whole : encode", "whole : ftfy", "whole : plsfix"]
    return f"M characters a second. {_start()}\n\n" + table([*head, *ratios], rows)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _start() -> str:
    """What a program pays that imports mojifix, and that repairs one word with it."""
    imports = "import time; a = time.perf_counter(); import mojifix; b = time.perf_counter(); "
    code = imports + f"mojifix.fix({DAMAGED_WORD * 3!r}); print(b - a, time.perf_counter() - b)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(RUNS)
    ]
    first, second = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
    return f"Import {1000 * statistics.median(first):.0f} ms, first repair {1000 * statistics.median(second):.0f} ms."


# Hostile -------------------------------------------------------------------------------------------------------------


def hostile(size: int) -> str:
    """Megabytes of one thing, and a great many short strings."""
    rows = [_ratio(name, partial(_fix_one, unit), size) for name, unit in HOSTILE.items()]
    rows.append(_ratio("many short strings", _fix_many, size))
    return table(["hostile text", f"{size:,} characters: ms", f"{2 * size:,}: ms", "ratio"], rows)


def _fix_one(unit: str, size: int) -> None:
    if unit:
        text = (unit * (size // len(unit) + 1))[:size]
    else:
        half = "中文测试，你好。\n" * (size // 18)
        text = half + DAMAGED_WORD * 3 + "\n" + half
    mojifix.fix(text)


def _fix_many(size: int) -> None:
    for i in range(size // 10):
        mojifix.fix(SHORT[i % len(SHORT)])


def _ratio(name: str, action: Callable[[int], object], size: int) -> tuple[str, ...]:
    print(f"\r\033[K{name!a}", end="", file=sys.stderr, flush=True)
    once, twice = seconds(lambda: action(size)), seconds(lambda: action(2 * size))
    return name, f"{1000 * once:.2f}", f"{1000 * twice:.2f}", f"{twice / once:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("damaged", "clean", "hostile"), help="one of the three")
    parser.add_argument("--channels", default="", help="damaged: channels whose names match")
    parser.add_argument(
        "--number", type=int, default=5, help="damaged: documents of each channel (default: %(default)s)"
    )
    parser.add_argument("--clean-size", type=int, default=200_000, help="clean: characters (default: %(default)s)")
    parser.add_argument("--size", type=int, default=2_000, help="hostile: characters (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    options = parser.parse_args()
    parts: dict[str, Callable[[], str]] = {
        "damaged": lambda: damaged(options.channels, options.number),
        "clean": lambda: clean(options.clean_size),
        "hostile": lambda: hostile(options.size),
    }
    mojifix.fix(DAMAGED_WORD * 3)  # loads the model
    for name, part in parts.items():
        if options.only in (None, name):
            publish(f"Speed: {name} text", part())


if __name__ == "__main__":
    main()
