"""Laws of the search: what it says of a lattice is what all paths together say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from math import inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mojifix import cells, search
from mojifix.cells import Cell
from mojifix.charsets import Arc
from mojifix.lattice import Lattice
from mojifix.model import Model, Recent, State, Step, load
from mojifix.plan import Guess
from mojifix.search import Reading, best_reading

some = settings(max_examples=150, deadline=None, database=None)
EPSILON = 1e-6

HAN = "的地得在再做作他她是有不了一我们天气很好学着著後后𠀀"
KNOWN = st.text(st.sampled_from(HAN + "，。 a1"), max_size=3)
BITS = st.sampled_from([0.0, 0.0, 0.5, 3.0, 12.0])
PAGE = ["我们在学，他们也在学。", "天气很好，我们很好。"]


@cache
def steps() -> dict[str, Step]:
    model = load()
    page = Recent(PAGE)
    return {"usual": model.simplified, "traditional": model.traditional, "recent": page.step(model.simplified, PAGE[0])}


@st.composite
def lattices(draw: st.DrawFn) -> Lattice:
    """Small ones of every shape: choices, nothing, costs, arcs that pass over nodes, the same text by two ways."""
    size = draw(st.integers(0, 5))
    arcs: list[list[Arc]] = [[] for _ in range(size + 1)]
    for node in range(size):
        for to in {node + 1, min(size, node + draw(st.integers(1, 3)))}:
            kind = draw(st.sampled_from(["known", "known", "nothing", "lost", "lost", "lost", "both"]))
            if kind in ("known", "both"):
                arcs[node].append((draw(KNOWN), to, draw(BITS), False))
            if kind in ("lost", "both"):
                chars = draw(st.lists(st.sampled_from(HAN), min_size=1, max_size=4, unique=True))
                arcs[node].append(("".join(chars), to, draw(BITS), True))
            if kind == "nothing":
                arcs[node].append(("", to, draw(BITS), False))
    return Lattice(arcs)


@contextmanager
def nothing_cut() -> Iterator[None]:
    """Every path is looked at, so that none is left out of the sums."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "BEAM", 10_000)
        patch.setattr(search, "SLACK", inf)
        patch.setattr(search, "WIDE", inf)
        patch.setattr(cells, "SURE", 0.0)
        yield


Path = tuple[tuple[int, str, bool], ...]  # of each arc: its node, its text, whether some of it was lost


def every_path(lattice: Lattice, node: int = 0) -> Iterator[tuple[Path, float]]:
    if node == len(lattice.arcs) - 1:
        yield (), 0.0
    for text, to, bits, lost in lattice.arcs[node]:
        for rest, more in every_path(lattice, to):
            for piece in text if lost else (text,):
                yield ((node, piece, lost), *rest), bits + more


def text_of(path: Path) -> str:
    return "".join(text for _, text, _ in path)


def check(
    lattice: Lattice, step: Step, start: State, then: str, reading: Reading, told: Mapping[int, Mapping[str, float]]
) -> None:
    """Best text, its cost, and the probability of each guess are those of all paths together; with the bits by which
    characters at some nodes were `told` to be likelier."""
    paths = [
        (
            path,
            bits
            + step(start, text_of(path) + then)[0]
            - sum(told.get(n, {}).get(c, 0.0) for n, c, gone in path if gone),
        )
        for path, bits in every_path(lattice)
    ]
    least = min(bits for _, bits in paths)
    assert told or reading.bits == pytest.approx(least, abs=EPSILON)
    shares: dict[tuple[int, str], float] = {}
    for path, bits in paths:
        for node, text, _ in path:
            shares[node, text] = shares.get((node, text), 0.0) + 2.0 ** (least - bits)
    total = sum(2.0 ** (least - bits) for _, bits in paths)

    def agrees(path: Path) -> bool:
        at, left = 0, list(reading.guesses)
        for node, text, lost in path:
            if lost and (not left or not is_the_guess(left.pop(0), at, node, text)):
                return False
            at += len(text)
        return not left

    def is_the_guess(guess: Guess, at: int, node: int, text: str) -> bool:
        if (guess.start, guess.text) != (at, text) or abs(guess.probability - shares[node, text] / total) > EPSILON:
            return False
        others = {c: p / total for (n, c), p in shares.items() if n == node and c != text}
        listed = sorted((p for p in others.values() if p > cells.LEAST + EPSILON), reverse=True)
        alike = all(abs(p - others.get(c, inf)) < EPSILON for c, p in guess.alternatives)
        return alike and len(guess.alternatives) >= min(len(listed), cells.ALTERNATIVES)

    best = [path for path, bits in paths if bits < least + 1e-9 and text_of(path) == reading.text]
    assert any(agrees(path) for path in best), (reading, best)


@pytest.mark.parametrize("kind", ["usual", "traditional", "recent"])
@some
@given(
    lattice=lattices(),
    before=st.sampled_from(["", "今天的", "我们a"]),
    then=st.sampled_from(["\n", "好", "", "，是"]),
)
def test_the_search_says_what_all_paths_say(kind: str, lattice: Lattice, before: str, then: str) -> None:
    step = steps()[kind]
    assume(sum(1 for _ in every_path(lattice)) <= 600)
    start = step(Model.start, before)[1]
    with nothing_cut():
        reading = best_reading(lattice, load(), start=start, then=then, step=step)
    check(lattice, step, start, then, reading, {})


@some
@given(lattice=lattices(), gains=st.dictionaries(st.sampled_from(HAN), st.sampled_from([-9.0, -1.0, 0.5, 4.0])))
def test_what_the_line_says_counts_in_all_paths(lattice: Lattice, gains: dict[str, float]) -> None:
    assume(sum(1 for _ in every_path(lattice)) <= 600)
    model, told = load(), dict[int, Mapping[str, float]]()

    def tell(island: list[Cell], last: Cell, some: Mapping[int, Mapping[str, float]]) -> None:
        told.update(some)
        cells.tell(island, last, some)

    with nothing_cut(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "SURE", 2.0)
        patch.setattr(search, "tell", tell)
        patch.setattr(search._Search, "_told", lambda *_: gains)
        reading = best_reading(lattice, model)
    check(
        lattice,
        model.script("".join(t for ways in lattice.arcs for t, _, _, lost in ways if not lost)),
        Model.start,
        "\n",
        reading,
        told,
    )


@some
@given(lattice=lattices())
def test_a_reading_is_a_path_and_its_guesses_are_probabilities(lattice: Lattice) -> None:
    reading = best_reading(lattice, load())
    assert reading.text in set(lattice.texts())
    assert reading == best_reading(lattice, load())
    before = 0
    for guess in reading.guesses:
        assert reading.text.startswith(guess.text, guess.start) and guess.start >= before
        before = guess.start + len(guess.text)
        chances = [p for _, p in guess.alternatives]
        assert 0 < guess.probability <= 1 and all(cells.LEAST <= p <= 1 for p in chances)
        assert guess.probability + sum(chances) <= 1 + EPSILON
        assert chances == sorted(chances, reverse=True) and len(chances) <= cells.ALTERNATIVES
        assert len({guess.text, *(other for other, _ in guess.alternatives)}) == len(chances) + 1


@some
@given(before=KNOWN, lattice=lattices(), behind=KNOWN)
def test_known_text_around_may_be_in_the_lattice_or_not(before: str, lattice: Lattice, behind: str) -> None:
    model = load()
    step = model.simplified
    last = len(lattice.arcs)
    arcs = [[(text, to + 1, bits, lost) for text, to, bits, lost in ways] for ways in lattice.arcs]
    within = Lattice([[(before, 1, 0.0, False)], *arcs[:-1], [(behind, last + 1, 0.0, False)], []])
    bits, start = step(model.start, before)
    with nothing_cut():
        inside = best_reading(within, model, step=step)
        around = best_reading(lattice, model, start=start, then=behind + "\n", step=step)
    assert inside.bits == pytest.approx(bits + around.bits)
    if inside.text == before + around.text + behind:  # not another one that costs the same
        for one, other in zip(inside.guesses, around.guesses, strict=True):
            assert (one.start, one.text) == (other.start + len(before), other.text)
            assert one.probability == pytest.approx(other.probability, abs=EPSILON)
