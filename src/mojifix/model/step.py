"""What a text costs in the model, character by character: the walk from state to state."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from math import inf
from typing import Final, NamedTuple

from mojifix.model.alphabet import CLASSES, ELSEWHERE, RUNS, Symbols

UNIT: Final = 0.25  # bits
#: bits that a symbol costs at most of which text in another language is made, for such text is repaired too: its
#: letters wherever they stand, its signs where nothing is known of them. With 8 bits caf茅 is worth 9 bits (without 5),
#: 鈥檚 17 (11), 馃榾 24 (18), 袩褉懈胁械褌 屑懈褉 130 (111); with 6 the first is worth 2 more, but Ã©tÃ© less, for
#: it is foreign letters as it stands. Of Chinese as much is restored as before: 97.7 % of what web text has lost
FOREIGN: Final = 8.0
SIGNS: Final = "‘’“”–—…•·"
#: contexts of order 3 between two stored offsets: a sum over at most 15 bytes finds the ones between
STRIDE: Final = 16

#: what a context is: its trigram, its bigram and its last symbol, each an index, -1 where the model has none; a step
#: that knows more of it adds to it
State = tuple[int, ...]

Step = Callable[[State, str], tuple[float, State]]
"""The cost of a text in bits behind a state of the model, and the state behind the text."""


class Trie(NamedTuple):
    """The n-grams as they are looked up; see `mojifix.model.ngram`."""

    unigram: bytes
    successors: tuple[str, ...]
    costs: tuple[bytes, bytes, bytes]
    backoffs: tuple[array[int], ...]
    first: array[int]  # where the successors of a symbol begin
    second: array[int]  # of a bigram
    base: array[int]  # of every `STRIDE`th trigram
    third: bytes  # the number of them of each


def stepper(symbols: Symbols, trie: Trie, foreign: float = inf) -> Step:
    """``Model.simplified`` or ``traditional``, as a closure: its tables are local variables, and so it is fast."""
    alone, (bigrams, trigrams, fourgrams), (cost2, cost3, cost4), backoffs, first, second, base, third = trie
    backoff1, backoff2, backoff3 = backoffs
    find2, find3, find4 = bigrams.find, trigrams.find, fourgrams.find
    letters = [chr(number) for number in range(len(alone) + 1)]
    elsewhere, most = ELSEWHERE, round(min(foreign, 1e3) / UNIT)
    signs = {symbols[char][0] for char in SIGNS} - {*range(CLASSES)}
    unigram = [min(cost, most) if symbol in signs else cost for symbol, cost in enumerate(alone)]
    runs, symbol_of = RUNS, symbols.__getitem__

    def step(state: State, text: str) -> tuple[float, State]:
        trigram, bigram, last = state
        units, bits = 0, 0.0
        for symbol, member in map(symbol_of, text):
            bits += member
            if symbol == last and symbol in runs:
                continue
            before = units
            start = first[last]
            at2 = find2(letters[symbol], start, first[last + 1])
            if at2 < 0:  # back off to the symbol alone
                units += unigram[symbol] + backoff1[last]
                if bigram >= 0:
                    units += backoff2[bigram]
                    if trigram >= 0:
                        units += backoff3[trigram]
                    trigram = bigram = -1
            elif bigram < 0:
                units += cost2[at2]
                bigram = at2
            else:
                letter = letters[at2 - start]
                start = second[bigram]
                at3 = find3(letter, start, second[bigram + 1])
                if at3 < 0:
                    units += cost2[at2] + backoff2[bigram]
                    if trigram >= 0:
                        units += backoff3[trigram]
                        trigram = -1
                elif trigram < 0 or not (count := third[trigram]):
                    units += cost3[at3]
                    trigram = at3
                else:
                    letter = letters[at3 - start]
                    start = base[trigram // STRIDE] + sum(third[trigram - trigram % STRIDE : trigram])
                    at4 = find4(letter, start, start + count)
                    units += cost4[at4] if at4 >= 0 else cost3[at3] + backoff3[trigram]
                    trigram = at3
                bigram = at2
            if symbol in elsewhere and units > before + most:
                units = before + most
            last = symbol
        return units * UNIT + bits, (trigram, bigram, last)

    return step
