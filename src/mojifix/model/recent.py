"""What a text has said it says again: names, terms, turns of phrase (a cache model: Kuhn and De Mori 1990)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log2

from mojifix.model.ngram import State, Step

#: the share of the probability that goes to what followed the same two characters, the same one, elsewhere in the
#: text, were they seen often. Of unseen pages of twenty lines 0.3 % more of the lost characters are right (web and
#: traditional; technical text is as before), and much the same with weights from 0.2 to 0.4; these are also enough
#: for the word that the seed page has lost five times
WEIGHTS = (0.3, 0.2)


class Recent:
    """The lines of a text, for what one of them can learn from the others.

    >>> from mojifix.model import load
    >>> model = load()
    >>> step = Recent(["要脱虚向实，向实", "脱虚向实"]).step(model.simplified, without="脱虚向实")
    >>> usual, _ = model.simplified(model.start, "脱虚向实")
    >>> step(model.start, "脱虚向实")[0] < usual - 5
    True
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._followers: Counter[tuple[str, str]] = Counter()
        self._seen: Counter[str] = Counter()
        for line in lines:
            followers, seen = _count(line)
            self._followers.update(followers)
            self._seen.update(seen)

    def step(self, step: Step, without: str = "") -> Step:
        """`step`, mixed with what follows the same one or two characters in all lines but one. Its states know more."""
        followers, seen = self._followers, self._seen
        own_followers, own_seen = _count(without)
        rest = 1.0 - sum(WEIGHTS)

        def share(context: str, char: str, weight: float) -> float:
            times = followers[context, char] - own_followers[context, char]
            return weight * times / (seen[context] - own_seen[context] + 1) if times else 0.0

        def mixed(state: State, text: str) -> tuple[float, State]:
            total = 0.0
            for char in text:
                before = "".join(map(chr, state[3:]))
                bits, after = step(state[:3], char)
                said = (len(before) == 2 and share(before, char, WEIGHTS[0])) or share(before[-1:], char, WEIGHTS[1])
                total += -log2(rest * 2.0**-bits + said) if said else bits - log2(rest)
                state = (*after, *map(ord, (before + char)[-2:]))
            return total, state

        return mixed


def _count(line: str) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    contexts = [line[at : at + size] for size in (1, 2) for at in range(len(line) - size)]
    return Counter(zip(contexts, line[1:] + line[2:], strict=True)), Counter(contexts)
