"""Bytes in: how often the text comes out, by encoding and number of characters, beside what detectors make of them.

    MOJIFIX_DATA=FOLDER python benchmarks/decode.py [--number N] [--only encodings|mixed|damaged|speed] [--write]

Snippets are N characters in a row from anywhere in unseen text, at least half of them letters of its language; right is
what equals the snippet. The other tools name an encoding, in which Python then decodes. Mixed files are 40 shuffled
unseen lines, each in a random one of the encodings. Damaged sentences are each a file of their own.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

from common import percent, publish, sentences, table, unseen

import mojifix
from mojifix.charsets import POLICIES

Tool = Callable[[bytes], "str | None"]

#: file, encoding, letters of the language
ROWS = (
    ("zh_hans_web", "gb18030", "[一-鿿]"), ("zh_hans_tech", "gb18030", "[一-鿿]"),
    ("chat_informal", "gb18030", "[一-鿿]"),
    ("zh_hant", "big5hkscs", "[一-鿿]"), ("zh_hans_web", "utf-8", "[一-鿿]"), ("zh_hans_web", "utf-16-le", "[一-鿿]"),
    ("zh_hant", "utf-16-be", "[一-鿿]"), ("zh_hans_web", "utf-32-le", "[一-鿿]"), ("zh_hans_web", "hz", "[一-鿿]"),
    ("japanese", "cp932", "[ぁ-ヿ一-鿿]"), ("japanese", "euc_jp", "[ぁ-ヿ一-鿿]"),
    ("japanese", "iso2022_jp", "[ぁ-ヿ一-鿿]"),
    ("korean", "cp949", "[가-힣]"), ("russian", "cp1251", "[а-я]"), ("russian", "koi8-r", "[а-я]"),
    ("european_latin", "cp1252", "[à-ÿ]"), ("greek", "cp1253", "[α-ω]"),
)  # fmt: skip
LENGTHS = (2, 4, 8, 16, 64)
PROGRAMS = ("cp936/windows", "cp936/icu", "gbk/cpython", "gb18030/cpython", "cp1252/cpython")


def tools() -> dict[str, Tool]:
    """mojifix, and those of the others that are installed."""
    found: dict[str, Tool] = {"mojifix": mojifix.decode}

    def reads(name: object, data: bytes) -> str | None:
        try:
            return data.decode(str(name)) if name else None
        except (LookupError, UnicodeDecodeError):
            return None

    import chardet

    found["chardet"] = lambda data: reads(chardet.detect(data)["encoding"], data)
    try:
        from charset_normalizer import from_bytes

        found["charset-normalizer"] = lambda data: reads(getattr(from_bytes(data).best(), "encoding", None), data)
    except ImportError:
        pass
    try:
        import cchardet

        found["cchardet"] = lambda data: reads(cchardet.detect(data)["encoding"], data)
    except ImportError:
        pass
    return found


@cache
def snippets(name: str, encoding: str, length: int, number: int, letters: str) -> list[tuple[str, bytes]]:
    """Snippets that the encoding has, with their bytes, the same ones every time."""
    lines = [line for line in unseen(name).split("\n") if len(line) >= length]
    chance, found = random.Random(length), dict[str, bytes]()
    for _ in range(100 * number):
        line = chance.choice(lines)
        at = chance.randrange(len(line) - length + 1)
        text = line[at : at + length]
        enough = 1 if letters == "[à-ÿ]" else length / 2
        if len(re.findall(letters, text)) >= enough and (data := _written(text, encoding)):
            found[text] = data
            if len(found) == number:
                break
    return [*found.items()]


def _written(text: str, encoding: str) -> bytes | None:
    try:
        data = text.encode(encoding)
        return data if data.decode(encoding) == text else None
    except UnicodeError:
        return None


def encodings(number: int) -> str:
    rows = []
    for name, encoding, letters in ROWS:
        for length in LENGTHS:
            known = snippets(name, encoding, length, number, letters)
            rights = (percent(sum(tool(data) == text for text, data in known), len(known)) for tool in tools().values())
            rows.append((f"{encoding}, {name}", length, len(known), *rights))
            print(rows[-1], flush=True)
    return "Right, %.\n\n" + table(["encoding, text", "characters", "snippets", *tools()], rows)


def mixed(number: int) -> str:
    """Lines of one file in several encodings."""
    rows = []
    for names in ("utf-8 gb18030", "utf-8 gb18030 big5hkscs", "utf-8 gb18030 cp1252"):
        chance, right, total = random.Random(1), 0, 0
        lines = {
            "cp1252": [line for line in unseen("european_latin").split("\n") if _written(line, "cp1252") and line],
            "big5hkscs": [line for line in unseen("zh_hant").split("\n") if _written(line, "big5hkscs") and line],
        }
        chinese = [line for line in unseen("zh_hans_web").split("\n") if line]
        for _ in range(number // 10):
            chosen = [chance.choice(names.split()) for _ in range(40)]
            texts = [chance.choice(lines.get(encoding, chinese)) for encoding in chosen]
            data = b"".join((t + "\n").encode(encoding) for t, encoding in zip(texts, chosen, strict=True))
            seen = mojifix.decode(data).split("\n")
            total += len(texts)
            right += sum(a == b for a, b in zip(seen, texts, strict=False))
        rows.append((names.replace(" ", ", "), total, percent(right, total)))
    return table(["lines in", "lines", "right %"], rows)


def damages() -> Iterator[tuple[str, Callable[[str, random.Random], bytes]]]:
    for name in PROGRAMS:
        policy = POLICIES[name]
        yield f"UTF-8 through {name} and back", lambda s, _, policy=policy: policy.encode(policy.decode(s.encode()))
    yield "GBK, a byte missing", lambda s, chance: _without(s.encode("gb18030"), chance)
    yield "GBK, a byte added", lambda s, chance: _with(s.encode("gb18030"), chance)
    yield "UTF-8, a byte missing", lambda s, chance: _without(s.encode(), chance)
    yield "GBK, high bits cleared (undo='7bit')", lambda s, _: bytes(value & 0x7F for value in s.encode("gbk"))


def _without(data: bytes, chance: random.Random) -> bytes:
    at = chance.choice([i for i, value in enumerate(data) if value > 0x7F])
    return data[:at] + data[at + 1 :]


def _with(data: bytes, chance: random.Random) -> bytes:
    at = chance.choice([i for i, value in enumerate(data) if value > 0x7F])
    return data[:at] + bytes((chance.randrange(0x81, 0xFF),)) + data[at:]


def damaged(number: int) -> str:
    from common import distance

    rows = []
    for name, damage in damages():
        chance, exact, total, chars, wrong = random.Random(1), 0, 0, 0, 0
        for text in sentences("zh_hans_web", number):
            try:
                data = damage(text, chance)
            except UnicodeEncodeError:
                continue
            if data == text.encode():
                continue
            seen = mojifix.decode(data, undo="7bit" if "7bit" in name else ())
            total += 1
            exact += seen == text
            chars += len(text)
            wrong += distance(seen, text)
        rows.append((name, total, percent(exact, total), percent(chars - wrong, chars)))
        print(rows[-1], flush=True)
    return table(["damage", "sentences", "exact %", "characters right %"], rows)


def speed(_: int) -> str:
    rows = []
    hans, hant = unseen("zh_hans_web"), unseen("zh_hant")
    hant = hant.encode("big5hkscs", "ignore").decode("big5hkscs")
    gbk, chance = hans.encode("gb18030"), random.Random(1)
    halves = [line.encode("gb18030" if i % 2 else "utf-8") for i, line in enumerate(hans.split("\n"))]
    holes = b"".join(_without(gbk[at : at + 5000], chance) for at in range(0, len(gbk), 5000))
    files = {
        "UTF-8": (hans.encode(), 1.0), "GB18030": (gbk, 1.0), "Big5": (hant.encode("big5hkscs"), 1.0),
        "UTF-16 without BOM": (hans.encode("utf-16-le"), 1.0), "UTF-8 and GB18030 by turns": (b"\n".join(halves), 1.0),
        "GB18030, a byte of 5000 missing": (holes, 0.25),
        "UTF-8 through gbk/cpython and back": (hans.encode().decode("gbk", "replace").encode("gbk", "replace"), 0.05),
        "random bytes": (chance.randbytes(1 << 20), 1.0),
        "random bytes from 80 to FF": (bytes(chance.choices(range(128, 256), k=1 << 20)), 1.0),
    }  # fmt: skip
    for name, (data, size) in files.items():
        spent = [_seconds(data, int(size * times * 1e6)) for times in (1, 2, 4)]
        rates = (f"{times * size / seconds:.2f}" for times, seconds in zip((1, 2, 4), spent, strict=True))
        rows.append((name, f"{size:g}", *rates))
        print(rows[-1], flush=True)
    needs = (f"{_memory(gbk * n):.0f} MiB for {n * len(gbk) / 1e6:.1f} MB" for n in (4, 16))
    note = f"`open` needs beside the model, of GB18030: {', '.join(needs)}."
    return table(["file", "n, MB", "MB a second of n", "of 2n", "of 4n"], rows) + "\n" + note


def _seconds(data: bytes, size: int) -> float:
    """Seconds of this process for so many bytes."""
    data = (data * (size // len(data) + 1))[:size]
    start = time.process_time()
    mojifix.decode(data)
    return time.process_time() - start


def _memory(data: bytes) -> float:
    stream = BytesIO(data)
    tracemalloc.start()
    for _ in mojifix.open(stream):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts: dict[str, Callable[[int], str]] = {
        "encodings": encodings, "mixed": mixed, "damaged": damaged, "speed": speed,
    }  # fmt: skip
    parser.add_argument("--only", choices=parts, help="one of the four")
    parser.add_argument("--number", type=int, default=500, help="snippets of a row (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    options = parser.parse_args()
    for name, part in parts.items():
        if options.only in (None, name):
            publish(f"Bytes: {name}", part(options.number))


if __name__ == "__main__":
    main()
