"""A page of the pinyin kit, restored in three steps: cut the annotations out, read what is shifted in right pairs, go
back to simplified characters. The lines are one page: what is sure in one of them helps to restore the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate
from math import inf

from mojifix.channels import pinyin
from mojifix.channels.pinyin_evidence import Page, damaged_lines, pages
from mojifix.lattice import Lattice
from mojifix.model import Model, Recent, load
from mojifix.model import Step as Costs
from mojifix.plan import Damage, Edit, Plan, Repair, Step, difference, replay
from mojifix.search import Reading, best_reading

#: bits a character over so many characters that prose seldom costs, and text in wrong pairs does: else dropped
#: characters are thought of. benchmarks/kit.py, lists that hit many pairs: 13 bits over 6 characters left 25.0 % of the
#: sentences with an error, 13 over 3 22.5 %, 12.5 over 2 too, but in twice the time, and to think of them always 20.0 %
ROUGH, STRETCH = 13.0, 3
#: a restored character as probable as this needs no help, and helps to restore others
SURE = 0.9
_MARKS = "?,:;!()"
#: times that this is tried; the seed page needs two
PASSES = 3


def evidence(text: str) -> float:
    """Bits for the kit against text that people annotated."""
    return max((bits for _, bits in _weighed(text)), default=0.0)


def _weighed(text: str) -> list[tuple[Page, float]]:
    """The pages of a text, each with its evidence."""
    model = load()

    def lean(char: str) -> float:
        return model.traditional(model.start, char)[0] - model.simplified(model.start, char)[0]

    return [(page, page.evidence.bits(model.unigram, lean)) for page in pages(text.splitlines())]


def undo(text: str, *, threshold: float, least: float, keep_script: bool) -> Repair:
    """The text as it was before the kit, where a page of it has evidence above `threshold` bits.

    Restored characters less probable than `least` become U+FFFD.

    >>> undo("網(wǎng)絡(luò)", threshold=-inf, least=0.5, keep_script=True).text
    '網絡'
    """
    found = _weighed(text)
    bits = max((bits for _, bits in found), default=0.0)
    if bits <= threshold:
        return Repair(text)
    model = load()
    seen = text.splitlines(keepends=True)
    # A text with one page of the kit has others: they need no more than a bit.
    numbers = damaged_lines(seen, [page for page, own in found if own > 0] or [page for page, _ in found])
    cuts = {n: list(pinyin.cut_annotations(seen[n])) for n in numbers}
    plain = _edited(seen, cuts)
    shifted = {n: plain[n] for n in sorted(numbers) if pinyin.is_shifted(plain[n])}
    readings = _align(shifted, [line for n, line in enumerate(plain) if n not in shifted], model)
    settled = {n: reading.settled(least, _MARKS) for n, reading in readings.items()}
    shifts = {n: list(difference(plain[n], right)) for n, (right, _) in settled.items()}
    aligned = _edited(plain, shifts)
    script: dict[int, list[Edit]] = {}
    if not keep_script:
        simplified = {n: best_reading(pinyin.simplify(aligned[n]), model).text for n in numbers}
        script = {n: list(difference(aligned[n], line)) for n, line in simplified.items()}
    result = _edited(aligned, script)
    stages = (("annotations", seen, cuts), ("shifts", plain, shifts), ("script", aligned, script))
    starts = list(accumulate(map(len, result), initial=0))
    guesses = [
        replace(
            guess,
            start=starts[n] + guess.start,
            text=result[n][guess.start : guess.start + len(guess.text)],
            alternatives=guess.alternatives
            if keep_script
            else tuple((pinyin.simplified(char), p) for char, p in guess.alternatives),
        )
        for n in sorted(settled)
        for guess in settled[n][1]
    ]
    places = list(accumulate(map(len, seen), initial=0))
    return Repair(
        "".join(result),
        Plan(tuple(step for name, lines, edits in stages if (step := _step(name, lines, edits)).edits)),
        tuple(guesses),
        tuple(Damage(places[n], places[n + 1], pinyin.NAME, bits) for n in sorted(numbers)),
    )


def _edited(lines: list[str], edits: Mapping[int, list[Edit]]) -> list[str]:
    """The lines with the edits of some of them."""
    return [replay(line, Plan((Step("", tuple(edits[n])),))) if n in edits else line for n, line in enumerate(lines)]


def _step(name: str, lines: list[str], edits: Mapping[int, list[Edit]]) -> Step:
    """The edits of lines as those of the whole text."""
    starts = list(accumulate(map(len, lines), initial=0))
    moved = (Edit(starts[n] + e.start, starts[n] + e.end, e.text) for n in sorted(edits) for e in edits[n])
    return Step(f"{pinyin.NAME}: {name}", tuple(moved))


def _align(lines: Mapping[int, str], others: list[str], model: Model) -> dict[int, Reading]:
    """The best readings of shifted lines: first each on its own, then with what the others, and each other, say."""
    own = model.script("".join(others) or "".join(lines.values()))
    read = {n: _read(line, model, own) for n, line in lines.items()}
    readings = {n: reading for n, (_, reading) in read.items()}
    for _ in range(PASSES):
        unsure = [n for n, reading in readings.items() if any(guess.probability < SURE for guess in reading.guesses)]
        if not unsure:
            break
        said = {n: reading.settled(SURE, _MARKS)[0] for n, reading in readings.items()}
        page = Recent([*others, *said.values()])
        for n in unsure:
            readings[n] = best_reading(read[n][0], model, step=page.step(own, without=said[n]))
    return readings


def _read(line: str, model: Model, costs: Costs) -> tuple[Lattice, Reading]:
    """A line before its shift: what it may have been, and the best of that. Dropped characters are thought of where it
    reads badly without."""
    found = []
    for dropped in (False, True):
        if lattice := pinyin.undo_shifts(line, dropped=dropped):
            found.append((lattice, best_reading(lattice, model, step=costs)))
            if _is_fluent(found[-1][1], model) and not pinyin.unexplained(found[-1][1].text):
                break
    return min(found, key=lambda both: both[1].bits, default=(Lattice.line(line), Reading(line, inf, ())))


def _is_fluent(reading: Reading, model: Model) -> bool:
    """Whether no stretch of a text behind what was lost costs more than prose does."""
    step, state, costs = model.script(reading.text), model.start, []
    for char in reading.text:
        bits, state = step(state, char)
        costs.append(bits)
    near = {at for guess in reading.guesses for at in range(guess.start, guess.start + pinyin.MOST_SHIFTED)}
    return all(sum(costs[at : at + STRETCH]) < ROUGH * STRETCH for at in near)
