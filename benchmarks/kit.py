"""The pinyin kit: how much of a damaged page comes back, and what of legitimate pinyin is touched.

    MOJIFIX_DATA=../shared python benchmarks/kit.py [--count 100] [--only 0.3] [--errors] [--constants]

Damaged text: simplified sentences, paragraphs and pages that GBK can write, through `kit_damage.damage` with a random
list. A list is drawn in two ways: `rare` takes every character with the same chance, so that most of it never occurs;
`common` takes characters by how often they occur until they make up the given share of the traditional characters of
the text, as the lists of real sites do. Text that this list leaves without a trace is not counted: nobody can tell it
from traditional text. Paragraphs of a page end in "</p>", which is stripped afterwards as a crawl does.

What comes back is compared with the original. Where the kit's table merges two characters that simplified text has (着
and 著) either is right, and so are ， and its ASCII form: the kit maps the marks that it sees, but not those in shifted
runs, and both ways of putting them back have their reasons. `merged` puts one for both on either side.

* exact: the whole text is the original
* chars: 1 - edit distance / length
* missed: came back unchanged
* worse: farther from the original than if only the readings were cut out and characters simplified one by one
* right: of the restored characters (at the default guess, over one half), those that are the original's
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from difflib import SequenceMatcher
from io import StringIO
from pathlib import Path

from common import data, publish

import mojifix
from mojifix import kit
from mojifix.channels import pinyin
from mojifix.channels.kit_damage import HAN, damage, kit_table, random_codes, to_kit_traditional
from mojifix.channels.pinyin_evidence import ANNOTATION, Evidence
from mojifix.channels.readings import readings
from mojifix.variants import in_gb2312, simplify_char_map

FILES = ("zh_hans_web", "zh_hans_tech", "chat_informal")
SHARES = (0.02, 0.1, 0.3, 0.8)
MODES = {
    "plain": {},
    "halfwidth": {"halfwidth": True},
    "marks": {"halfwidth": True, "marks": True},
    "resynced": {"halfwidth": True, "resynced": True},
    "private kept": {"halfwidth": True, "drop_private": False},
}
HALFWIDTH = str.maketrans("，：？（）；！", ",:?();!")


# Text ----------------------------------------------------------------------------------------------------------------


def paragraphs(folder: Path) -> list[list[str]]:
    """The lines of each file that the kit can have been given: GBK, and simplified."""
    traditional = set(kit_table().values())
    found = []
    for name in FILES:
        lines = (folder / "clean_dev" / f"{name}.txt").read_text(encoding="utf-8").split("\n")
        found.append([line.strip() for line in lines if is_page_text(line, traditional)])
    return found


def is_page_text(line: str, traditional: set[str]) -> bool:
    try:
        to_kit_traditional(line).encode("gbk")
    except UnicodeEncodeError:
        return False
    return len(line) >= 30 and not traditional & set(line) and len(re.findall("[一-龥]", line)) > len(line) / 2


def units(files: list[list[str]], kind: str, rng: random.Random) -> Iterator[str]:
    """Text of one size, without end."""
    while True:
        lines = rng.choice(files)
        if kind == "page":
            at = rng.randrange(len(lines) - 10)
            yield "\n".join(lines[at : at + 10])
        elif kind == "paragraph":
            line = rng.choice(lines)
            if len(line) >= 120:
                yield line[:600]
        else:
            sentences = [s for s in re.split("(?<=[。！？])", rng.choice(lines)) if 30 <= len(s) <= 120]
            if sentences:
                yield rng.choice(sentences)


def common_codes(rng: random.Random, share: float, counts: Counter[str]) -> dict[bytes, str]:
    """A list whose characters make up this share of the traditional characters of the text, common ones first drawn."""
    first: dict[str, str] = {}
    for reading, chars in readings().items():
        for char in chars:
            if not reading.isascii():
                first.setdefault(char, reading)
    drawn = sorted((char for char in counts if char in first), key=lambda char: rng.random() ** (1 / counts[char]))
    limit = share * sum(counts[char] for char in drawn)
    codes: dict[bytes, str] = {}
    while drawn and limit > 0:
        char = drawn.pop()
        limit -= counts[char]
        codes[char.encode("gbk")] = first[char]
    return codes


def through_the_kit(text: str, codes: dict[bytes, str], mode: dict[str, bool], html: bool) -> str:
    if not html:
        return damage(text, codes, **mode)
    seen = damage("\n".join(f"{line}</p>" for line in text.split("\n")), codes, **mode)
    return seen.replace("</p>", "")


# Comparison ----------------------------------------------------------------------------------------------------------


def merged() -> dict[int, str]:
    """One for each class of simplified characters that the kit's table merges, and of marks that it maps."""
    classes: dict[str, list[str]] = {}
    for code in HAN:
        if in_gb2312(chr(code)):
            classes.setdefault(kit_table().get(code, chr(code)), []).append(chr(code))
    return HALFWIDTH | {ord(char): chars[0] for chars in classes.values() if len(chars) > 1 for char in chars}


def distance(one: str, other: str) -> tuple[int, set[int]]:
    """Edits between two texts (as difflib aligns them), and the places of the first that the second has too."""
    total, same = 0, set()
    a, b = one.split("\n"), other.split("\n")
    pairs = list(zip(a, b, strict=True)) if len(a) == len(b) else [(one, other)]
    start = 0
    for left, right in pairs:
        for tag, i, k, j, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            if tag == "equal":
                same.update(range(start + i, start + k))
            else:
                total += max(k - i, m - j)
        start += len(left) + 1
    return total, same


def cut(seen: str) -> str:
    """Readings cut out, characters simplified one by one: what a few lines of code would do."""
    known = readings()
    text = ANNOTATION.sub(lambda m: m[1] if m[1] in known.get(m[2], "") else m[0], seen)
    table = simplify_char_map(text)
    return "".join(table.get(char, char) for char in text)


# The two benchmarks --------------------------------------------------------------------------------------------------


def run(files: list[list[str]], kind: str, listing: str, share: float, mode: str, count: int, errors: bool) -> str:
    rng = random.Random(f"{kind} {listing} {share} {mode}")
    same = merged()
    counts = Counter(char for lines in files for line in lines for char in to_kit_traditional(line))
    tally: Counter[str] = Counter()
    source = units(files, kind, rng)
    spent = 0.0
    for _ in range(50 * count):
        if tally["texts"] == count:
            break
        text = next(source)
        codes = random_codes(rng, share) if listing == "rare" else common_codes(rng, share, counts)
        seen = through_the_kit(text, codes, MODES[mode], kind != "sentence")
        if not Evidence.of(seen):
            continue
        began = time.perf_counter()
        repair = mojifix.explain(seen)
        spent += time.perf_counter() - began
        wanted = text.translate(same)
        got = repair.text.translate(same)
        edits, right = distance(got, wanted)
        tally["texts"] += 1
        tally["exact"] += got == wanted
        tally["missed"] += repair.text == seen
        tally["worse"] += edits > distance(cut(seen).translate(same), wanted)[0]
        tally["edits"] += edits
        tally["chars"] += len(wanted)
        tally["guesses"] += len(repair.guesses)
        tally["right"] += sum(guess.start in right for guess in repair.guesses)
        if errors and got != wanted:
            show(seen, repair, got, wanted)
    n = max(1, tally["texts"])
    shown = [f"{100 * tally[key] / n:5.1f}" for key in ("exact", "missed", "worse")]
    shown.insert(1, f"{100 * (1 - tally['edits'] / max(1, tally['chars'])):6.2f}")
    right_share = f"{100 * tally['right'] / tally['guesses']:5.1f}" if tally["guesses"] else "    -"
    speed = tally["chars"] / spent / 1000 if spent else 0
    return " ".join(
        [f"{kind:9} {listing:6} {share:4} {mode:12} {n:4}", *shown, right_share, f"{tally['guesses']:5}"]
    ) + (f" {speed:6.0f}")


def show(seen: str, repair: mojifix.Repair, got: str, wanted: str) -> None:
    bits = max((damage.bits for damage in repair.damage), default=None)
    if bits is None:
        evidence = Evidence.of(seen)
        print(round(kit.evidence(seen), 1), "  MISSED", evidence, "|", seen[:200])
        return
    for a, b, line in zip(got.split("\n"), wanted.split("\n"), seen.split("\n"), strict=False):
        for tag, i, k, j, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            if tag != "equal":
                print(f"  {a[max(0, i - 9) : i]}[{a[i:k]}|{b[j:m]}]{a[k : k + 9]}   <-  {line[:160]}")


def annotate_legitimately(folder: Path) -> Iterator[tuple[str, str]]:
    """Texts with pinyin that people put there, by kind: every one must come back as it is."""
    from pypinyin import Style, lazy_pinyin

    from mojifix.model import load

    cost = load().unigram
    rng = random.Random(1)
    clean = folder / "clean_dev"
    pages = (clean / "pinyin_annotated.txt").read_text(encoding="utf-8")
    yield "pinyin_annotated", pages
    for name, parts in (("lines", pages.split("\n")), ("paragraphs", pages.split("\n\n"))):
        yield from ((f"pinyin_annotated, {name}", part) for part in parts)

    def say(text: str, tones: bool = True) -> list[str]:
        return lazy_pinyin(list(text) if len(text) == 1 else text, style=Style.TONE if tones else Style.NORMAL)

    def mark(text: str, chosen: Callable[[str], bool], tones: bool = True) -> str:
        return "".join(
            f"{char}({syllable})" if "一" <= char <= "龥" and chosen(char) else char
            for char, syllable in zip(text, say_each(text, tones), strict=True)
        )

    def say_each(text: str, tones: bool) -> list[str]:
        return [say(char, tones)[0] for char in text]

    def rarest(text: str, most: int) -> set[str]:
        return set(sorted({char for char in text if "一" <= char <= "龥"}, key=cost)[-most:])

    traditional = set(kit_table().values())
    for script, name in (("traditional", "zh_hant"), ("simplified", "zh_hans_web")):
        lines = (clean / f"{name}.txt").read_text(encoding="utf-8").split("\n")
        lines = [line for line in lines if len(re.findall("[一-龥]", line)) > 15]
        for line in rng.sample(lines, 600):
            han = re.findall("[一-龥]+", line)
            for most in (1, 2, 3):
                hard = rarest(line, most)
                yield f"{script}, {most} rare", mark(line, hard.__contains__)
            word = max(han, key=len)[:4]
            spelled = say(word)
            yield f"{script}, a word", line.replace(word, f"{word}({' '.join(spelled)})", 1)
            yield f"{script}, a word joined", line.replace(word, f"{word}({''.join(spelled)})", 1)
            capital = f"{spelled[0].title()} {''.join(spelled[1:]).title()}"
            yield f"{script}, a name", line.replace(word, f"{word}({capital})", 1)
            yield f"{script}, all", mark(line, lambda char: True)
            yield f"{script}, all, no tones", mark(line, lambda char: True, False)
            yield f"{script}, all, wide", mark(line, lambda char: True).replace("(", "（").replace(")", "）")
            yield f"{script}, half", mark(line, lambda char: rng.random() < 0.5)
            yield f"{script}, a tenth", mark(line, lambda char: rng.random() < 0.1)
            yield f"{script}, vocabulary", "\n".join(f"{run[:2]}({' '.join(say(run[:2]))})" for run in han)
            listed = "".join(han)[:8]
            yield f"{script}, characters", "、".join(f"{char}({say(char)[0]})" for char in listed)
            only = [char for char in "".join(han) if char in traditional][:8]
            yield f"{script}, traditional-only characters", "、".join(f"{char}({say(char)[0]})" for char in only)
            hardest = max(only, key=cost, default="")
            yield f"{script}, the rarest of them in prose", mark(line, lambda char, one=hardest: char == one)
        page = rng.sample(lines, 200)
        yield f"{script}, page with 1 rare a line", "\n".join(mark(x, rarest(x, 1).__contains__) for x in page)
        sparse = [mark(x, rarest(x, 1).__contains__) if rng.random() < 0.1 else x for x in page]
        yield f"{script}, page with 1 rare in ten lines", "\n".join(sparse)


def false_positives(folder: Path, errors: bool) -> None:
    seen: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    for kind, text in annotate_legitimately(folder):
        seen[kind] += 1
        if mojifix.fix(text) is not text:
            changed[kind] += 1
            if errors:
                print("  TOUCHED", kind, round(kit.evidence(text), 1), Evidence.of(text), "|", text[:300])
    for kind, count in seen.items():
        print(f"{kind:45} {changed[kind]:5} of {count}")


def constants(files: list[list[str]], count: int) -> None:
    """Each constant of the search halved and doubled: what comes back then."""
    names = [name for name in ("FULL_WIDTH", "LOST_LEAD", "LOST_PAIR", "LOST_CHARACTER", "LITERAL", "DROPPED")]
    settings = [("sentence", "rare", 0.3, mode) for mode in ("halfwidth", "marks", "resynced", "private kept")]
    for name in ("", *names):
        for factor in (0.5, 2.0) if name else (1.0,):
            before = getattr(pinyin, name) if name else 0.0
            if name:
                setattr(pinyin, name, before * factor)
            print(f"{name or 'as it is'} x {factor}")
            for kind, listing, share, mode in settings:
                print("   ", run(files, kind, listing, share, mode, count, False))
            if name:
                setattr(pinyin, name, before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60, help="texts of each setting")
    parser.add_argument("--only", default="", help="settings whose line begins with this")
    parser.add_argument("--errors", action="store_true", help="show every difference")
    parser.add_argument("--constants", action="store_true", help="halve and double each constant of the search")
    parser.add_argument("--clean", action="store_true", help="legitimate text alone")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    options = parser.parse_args()
    if not options.write:
        measure(options)
        return
    with redirect_stdout(StringIO()) as printed:
        measure(options)
    head = "Simulated sites, random lists of annotated characters; the columns are explained in benchmarks/kit.py."
    publish("Pinyin kit", f"{head}\n\n```text\n{printed.getvalue().rstrip()}\n```")


def measure(options: argparse.Namespace) -> None:
    folder = data()
    files = paragraphs(folder)
    if options.constants:
        constants(files, options.count)
        return
    if not options.clean:
        print("text      list   share mode         texts exact chars missed worse right guesses kchar/s")
        for kind in ("sentence", "paragraph", "page"):
            for listing in ("rare", "common"):
                for share in SHARES:
                    for mode in MODES:
                        head = f"{kind} {listing} {share} {mode}"
                        if head.startswith(options.only):
                            number = max(1, options.count // 6) if kind == "page" else options.count
                            print(run(files, kind, listing, share, mode, number, options.errors), flush=True)
    if not options.only:
        false_positives(folder, options.errors)


if __name__ == "__main__":
    main()
