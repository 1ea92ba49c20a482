"""Text of another language out of unpacked packages: ``python -m mojifix.model.collect ja FOLDER … -o ja.txt``.

Chinese has its corpus; of other languages the translated manuals, messages and games of free software are enough to
know how their characters follow one another. Whatever lies in a folder, or has a name, of the language is read: tags
and markup go, and every paragraph stays once that is written in the language.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

#: what a paragraph in a language has so much of: Japanese has more kana in all but headlines
LETTERS = {"ja": (("[ぁ-ヺ]", 0.2),), "ko": (("[가-힣]", 0.2),)}
#: and in others: some letters beyond ASCII, and nothing but prose. With lines of code, of which some had accented
#: letters in quotes, the model took a rare hanzi in quotes for such a letter
OTHERS = (("[\u00c0-\u052f\u1e00-\u1fff]", 0.01), (r"[\w\s.,;:!?'()/\u2010-\u2026-]", 1.0))
#: characters of the shortest paragraph that is kept
SHORTEST = 4

_SPACES = re.compile(r"\s+")
#: Japanese is broken into lines anywhere
_BROKEN = re.compile("(?<=[\u3001-\u30ff一-鿿]) (?=[\u3001-\u30ff一-鿿])")
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_ROFF = re.compile(r"(?m)^\.\S+ ?|\\f[A-Z]|\\f\(..|\\\(..|\\.")
_INLINE = frozenset(("a", "abbr", "b", "bdo", "code", "em", "font", "i", "kbd", "small", "span", "strong", "tt", "u"))
#: what is no text
_OTHER = re.compile(r"\.(png|jpe?g|gif|svg|css|woff2?|pdf|ods|odt|ogg|qm|map|ts)$")


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = [""]
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in ("script", "style")
        if tag not in _INLINE:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")
        if tag not in _INLINE:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found[-1] += data


def _messages(data: bytes) -> Iterator[str]:
    """The translations in a catalogue of GNU gettext (.mo)."""
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    number, _, table = struct.unpack_from(order + "8xIII", data)
    for size, at in struct.iter_unpack(order + "II", data[table : table + 8 * number]):
        yield from re.split("[\0\n]", data[at : at + size].decode("utf-8", "ignore"))


def paragraphs(name: str, data: bytes) -> Iterator[str]:
    """The paragraphs of a file, by its name.

    >>> [*paragraphs("a.html.gz", gzip.compress("<p>一つの<b>文</b>です。<p>次".encode()))]
    ['', '一つの文です。', '次']
    """
    if name.endswith(".gz"):
        name, data = name[:-3], gzip.decompress(data)
    if name.endswith(".mo"):
        yield from _messages(data)
        return
    text = data.decode("utf-8", "ignore")
    if re.search(r"\.(x?html?|xml|page)$", name):
        page = _Paragraphs()
        page.feed(text)
        page.close()
        yield from page.found
    elif re.search(r"\.(json|js|php|po)$", name):
        for literal in _LITERAL.findall(text):
            try:
                yield json.loads(literal)
            except ValueError:
                continue
    elif re.search(r"\.[1-9]$", name):
        yield from (_ROFF.sub("", part) for part in re.split(r"\n(?=\.|\s*\n)", text))
    else:
        yield from re.split(r"\n\s*[-*]?\s*\n", text)


def collect(language: str, folders: Sequence[Path]) -> Iterator[str]:
    """The paragraphs in a language, each once, in the order of the names of their files."""
    marks = [(re.compile(mark), share) for mark, share in LETTERS.get(language, OTHERS)]
    own = re.compile(f"(?:^|[/._-]){language}(?:[-_][A-Za-z]+)?(?:[/.]|$)")
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not own.search(name) or _OTHER.search(name) or path.is_symlink() or not path.is_file():
                continue
            for part in paragraphs(name, path.read_bytes()):
                text = _BROKEN.sub("", _SPACES.sub(" ", part)).strip()
                enough = all(len(mark.findall(text)) >= share * len(text) for mark, share in marks)
                if len(text) >= SHORTEST and enough and text not in seen:
                    seen.add(text)
                    yield text


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the collector."""
    parser = argparse.ArgumentParser(prog="python -m mojifix.model.collect", description=__doc__.split("\n")[0])
    parser.add_argument("language", help="its code in names of files, as ja, ko, de")
    parser.add_argument("folders", nargs="+", type=Path, help="unpacked packages")
    parser.add_argument("--most", type=int, default=sys.maxsize, help="characters that are enough")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    size = 0
    with options.output.open("w", encoding="utf-8") as file:
        for text in collect(options.language, options.folders):
            size += file.write(f"{text}\n")
            if size >= options.most:
                break
    print(f"{options.output}: {size:,} characters", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
