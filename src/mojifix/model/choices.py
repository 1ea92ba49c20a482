"""What stands somewhere, where any of many characters may: the likely ones, found without asking for each of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nsmallest
from math import inf
from operator import itemgetter
from typing import NamedTuple

from mojifix.model.alphabet import MEMBER_BITS, RUNS, Symbols, classes
from mojifix.model.step import STRIDE, UNIT, State, Trie

#: characters looked at where any of many may stand, beside those the context knows: so many of the commonest. Where
#: any of 20,000 hanzi might stand, these alone found 26 % (of 400), with the context 61 % are found (of 250); to
#: look at all of them, with a beam of 10,000, found 58 %
MOST_CANDIDATES = 64
#: sets of characters, and pairs of a symbol and a set behind it, that are remembered
SETS, PAIRS = 1 << 8, 1 << 10
#: characters of which the group is remembered: more than a text has
ONES = 1 << 13

Group = tuple[tuple[tuple[str, float], ...], float]
"""Characters that count as one symbol, so that behind each of them the model is in the same state: the likeliest first,
each with the bits beyond what that one costs; and the weight of all together, where the likeliest weighs 1."""


def one(text: str) -> Group:
    """The group of nothing but a text."""
    return ((text, 0.0),), 1.0


Way = tuple[float, State, Group]
"""Bits of the likeliest of a group, the state behind it, and the group."""

Choices = Callable[[State, str, float, float], Iterable[tuple[float, Sequence[Way]]]]
"""A step for one of several characters: ways, and the bits that come on top of each of them. What costs more bits than
the first number may be left out, and what costs so many more than the best as the second."""


class _Among(NamedTuple):
    """Characters of which one stands somewhere, by symbol."""

    common: list[Way]  # the commonest where no context knows them, the cheapest first
    letters: dict[str, tuple[float, Group]]  # all, by the letter of the symbol: bits of the member


class _Behind(NamedTuple):
    """The same behind one symbol."""

    again: list[Way]  # itself, where a run of it counts as one; without its state
    pairs: list[Way]  # those the symbol knows, where no longer context does, the cheapest first
    costs: list[float]  # theirs
    ranks: dict[str, int]  # their bigrams by the letter of their rank
    known: dict[str, tuple[float, Group]]  # see `_Among.letters`
    alone: list[Way]  # the commonest of those it does not know
    others: list[float]  # their bits


_BITS = itemgetter(0)


_one = lru_cache(ONES)(one)


def _among(chars: str, symbols: Symbols, unigram: bytes) -> _Among:
    members: dict[int, list[tuple[float, str]]] = {}
    usual: list[str] = []
    get = symbols.get
    for char in chars:
        if found := get(char):
            members.setdefault(found[0], []).append((found[1], char))
        else:
            usual.append(char)
    more: dict[int, float] = {}  # the weight of the rest of a class: there may be 50,000 rare hanzi
    for kind, alike in classes(usual):
        bits = MEMBER_BITS[kind]
        members.setdefault(kind, []).extend([(bits, char) for char in alike[:MOST_CANDIDATES]])
        more[kind] = more.get(kind, 0.0) + len(alike[MOST_CANDIDATES:]) * 2.0**-bits
    letters: dict[str, tuple[float, Group]] = {}
    for symbol, several in members.items():
        if len(several) == 1:
            ((least, char),) = several
            group = _one(char)
        else:
            several.sort()
            least = several[0][0]
            weight = sum([2.0 ** (least - member) for member, _ in several]) + more.get(symbol, 0.0) * 2.0**least
            group = tuple([(char, member - least) for member, char in several[:MOST_CANDIDATES]]), weight
        letters[chr(symbol)] = least, group
    costs = {letter: unigram[ord(letter)] * UNIT + least for letter, (least, _) in letters.items()}
    common = nsmallest(MOST_CANDIDATES, costs, key=costs.__getitem__)
    return _Among([(costs[letter], (-1, -1, ord(letter)), letters[letter][1]) for letter in common], letters)


def chooser(symbols: Symbols, trie: Trie) -> Choices:
    """The step for choices that goes with `stepper`."""
    unigram, (bigrams, trigrams, fourgrams), (cost2, cost3, cost4), backoffs, first, second, base, third = trie
    backoff1, backoff2, backoff3 = backoffs
    find2, find3, find4 = bigrams.find, trigrams.find, fourgrams.find
    letters = [chr(number) for number in range(len(unigram) + 1)]

    @lru_cache(SETS)
    def among(chars: str) -> _Among:
        return _among(chars, symbols, unigram)

    @lru_cache(PAIRS)
    def behind(last: int, chars: str, reach: float) -> _Behind:
        common, known = among(chars)
        start, end = first[last], first[last + 1]
        if len(known) <= MOST_CANDIDATES:
            places = [at for letter in known if (at := find2(letter, start, end)) >= 0]
        else:
            places = [at for at, letter in enumerate(bigrams[start:end], start) if letter in known]
        again: list[Way] = []
        if last in RUNS and letters[last] in known:
            again.append((known[letters[last]][0], (), known[letters[last]][1]))
            places = [at for at in places if bigrams[at] != letters[last]]
        # the most probable come first
        near = cost2[places[0]] + (known[bigrams[places[0]]][0] + reach) / UNIT if places else inf
        pairs: list[Way] = [
            (cost2[at] * UNIT + bits, (-1, at, ord(letter)), group)
            for at in places
            if cost2[at] <= near
            for letter in (bigrams[at],)
            for bits, group in (known[letter],)
        ]
        pairs.sort(key=_BITS)
        met = {bigrams[at] for at in places} | ({letters[last]} if again else set())
        alone = [way for way in common if letters[way[1][2]] not in met]
        ranks = {letters[at - start]: at for at in places}
        return _Behind(again, pairs, [*map(_BITS, pairs)], ranks, known, alone, [*map(_BITS, alone)])

    def choices(state: State, chars: str, most: float, reach: float) -> Iterator[tuple[float, Sequence[Way]]]:
        trigram, bigram, last = state
        again, pairs, costs, ranks, known, alone, others = behind(last, chars, reach)
        for bits, _, group in again:
            yield 0.0, ((bits, state, group),)
        further = 0.0  # from the longest context to the bigram
        if bigram >= 0:
            closer = count = start4 = 0  # the same to the trigram, in units; the four-grams
            if trigram >= 0:
                closer, count = backoff3[trigram], third[trigram]
                start4 = base[trigram // STRIDE] + sum(third[trigram - trigram % STRIDE : trigram])
            further = (backoff2[bigram] + closer) * UNIT
            start, end = second[bigram], second[bigram + 1]
            if len(ranks) < end - start:
                places = [(at, rank) for rank in ranks if (at := find3(rank, start, end)) >= 0]
            else:
                places = [(at, rank) for at, rank in enumerate(trigrams[start:end], start) if rank in ranks]
            if places:
                found: list[Way] = []
                met = set()
                for at3, rank in places:
                    at2 = ranks[rank]
                    met.add(at2)
                    member, group = known[letter := bigrams[at2]]
                    if not count:
                        units = cost3[at3]
                    else:
                        at4 = find4(letters[at3 - start], start4, start4 + count)
                        units = cost4[at4] if at4 >= 0 else cost3[at3] + closer
                    bits = units * UNIT + member
                    if bits <= most:
                        if bits + reach < most:
                            most = bits + reach
                        found.append((bits, (at3, at2, ord(letter)), group))
                yield 0.0, found
                pairs = [way for way in pairs[: bisect_right(costs, most - further)] if way[1][1] not in met]
                costs = [*map(_BITS, pairs)]
        if costs:
            most = min(most, costs[0] + further + reach)
            yield further, pairs[: bisect_right(costs, most - further)]
        further += backoff1[last] * UNIT
        yield further, alone[: bisect_right(others, most - further)]

    return choices
