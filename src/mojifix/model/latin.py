"""What the signs of Western text cost. The model of Chinese has them as Chinese text does: with dashes two by two, and
next to no "©" or "é\xa0»".

Of a sign it is known what stands before it and behind it, by kinds: letters, digits, spaces, what opens, other ASCII,
the edge of a line, other signs. Everything else costs what it does in the model, behind a letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import log2
from pathlib import Path
from typing import Final, NamedTuple

from mojifix.model.alphabet import ACCENTED, CYRILLIC, GREEK
from mojifix.model.ngram import Model, State, Step

#: what `mojifix.model.build_latin` has counted
TABLE: Final = Path(__file__).with_name("latin.txt")
#: edge of a line, space, letter, digit, ASCII that opens, other ASCII, other signs
KINDS: Final = "NSLDOPX"
#: text of East Asia: characters, and the signs that go with them
EAST: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uff00-\uffef]")
_LETTER = re.compile("[A-Za-zÀ-ɏ]")
#: bits more of any other sign, so that these cost more than those that are known, which are up to 20 where they are
#: likeliest; in the model 18 to 23 behind a space
OTHERS = 4.0
_OTHER = re.compile("[\u2000-\u2bff]")
#: bits of one of ten digits, and of a letter, as in the model
_WITHIN = {"D": 3.3, "L": 4.5}


class Sign(NamedTuple):
    """Bits of a sign behind each kind, and of each kind behind the sign."""

    behind: Mapping[str, float]
    then: Mapping[str, float]


def kind(char: str) -> str:
    """The kind of a character; of none, the edge.

    >>> "".join(map(kind, "a1 (.é—")) + kind("")
    'LDSOPLXN'
    """
    if not char or char == "\n":
        return "N"
    if char.isspace():
        return "S"
    if char.isalpha():
        return "L"
    if char > "\x7f":
        return "X"
    return "D" if char.isdigit() else "O" if char in "([{<\"'`" else "P"


@cache
def signs() -> Mapping[str, Sign]:
    """Those that are known, the commonest first."""
    found = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        code, *bits = line.split()
        costs = [*map(float, bits)]
        found[chr(int(code, 16))] = Sign(
            *(dict(zip(KINDS, part, strict=True)) for part in (costs[: len(KINDS)], costs[len(KINDS) :]))
        )
    return found


def is_western(text: str) -> bool:
    """Whether a text has Latin letters and nothing of East Asia.

    >>> is_western("café"), is_western("café，"), is_western("— 1 —")
    (True, False, False)
    """
    return not EAST.search(text) and bool(_LETTER.search(text))


@cache
def western(model: Model) -> Step:
    """The step of a model, but that signs cost what they do in Western text.

    >>> from mojifix.model import load
    >>> model = load()
    >>> bits = {sign: western(model)(model.start, f"one {sign} two")[0] for sign in "—–"}
    >>> model.bits("one — two") > model.bits("one – two"), bits["—"] > bits["–"]
    (True, False)
    """
    step, unknown, known = model.simplified, model.unknown, signs()
    order = [*known]
    number = {sign: at for at, sign in enumerate(order)}
    apart = re.compile(f"([{re.escape(''.join(order))}])")

    def symbol(char: str) -> int:
        return step(unknown, char)[1][2]

    _, letter = step(unknown, "a")
    usual = [*map(chr, range(0x20, 0x7F)), "\t", "\n"]
    kinds = {symbol(char): kind(char) for char in usual} | dict.fromkeys((ACCENTED, GREEK, CYRILLIC), "L")
    weights = {name: [2.0 ** -step(unknown, char)[0] for char in usual if kind(char) == name] for name in KINDS}
    shares = {name: log2(sum(costs)) if costs else 0.0 for name, costs in weights.items()}

    def behind(sign: str, char: str) -> tuple[float, State]:
        name = kind(char)
        within = _WITHIN.get(name) if char < "\x80" else None
        if within is None:
            within = step(unknown, char)[0] + shares[name]
        return known[sign].then[name] + within, step(letter, char)[1]

    def spelled(state: State, text: str) -> tuple[float, State]:
        if len(state) == len(unknown) and text.isascii():
            return step(state, text)
        total = 0.0
        for at, part in enumerate(apart.split(text)):
            after = order[state[-1]] if len(state) > len(unknown) else ""
            if at % 2:
                total += known[part].behind["X" if after else kinds.get(state[2], "X")]
                total += known[after].then["X"] if after else 0.0
                state = (*unknown, number[part])
            elif part:
                if after:
                    bits, state = behind(after, part[0])
                    total += bits
                bits, state = step(state, part[1:] if after else part)
                total += bits + OTHERS * len(_OTHER.findall(part))
        return total, state

    return spelled
