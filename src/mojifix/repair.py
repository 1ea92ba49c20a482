"""The heart: screen, propose, search, decide.

A text may have been through a channel or through none. For each channel whose marks the screen sees, the evidence is
one number in bits, the logarithm of the likelihood ratio against undamaged text; `THRESHOLD` is what it must exceed.
A channel that does gives its lattice - everything that it would have turned into what is seen -, the search finds the
most probable path, and what the path changed is the plan. `fix` is the text of that plan, `explain` the whole account.
"""

from __future__ import annotations

from math import inf
from typing import Literal, get_args

from mojifix import alike, screen, spans
from mojifix.plan import Plan, Repair, Step, difference
from mojifix.variants import convert

Guessing = Literal["never", "likely", "always"]
Script = Literal["restore", "keep", "simplified", "traditional"]

GUESSINGS, SCRIPTS = get_args(Guessing), get_args(Script)

#: bits of evidence that a channel needs. Codec mix-ups lie far on the one side, clean text on the other. Real pages of
#: the kit have 35 and more; of 18,000 texts with readings as people put them, 10 bits alter 21, 14 bits 3, 16 bits 1,
#: while pages on which one character or two are annotated are found ever less (benchmarks/kit.py)
THRESHOLD = 14.0
#: mix-ups undone one after the other in one text; what is left after so many is left, and a second call goes on: of
#: 2,600 mixtures at random one is not done after 4, none after 8
ROUNDS = 8
#: the least probability of a restored character
LEAST = {"never": inf, "likely": 0.5, "always": 0.0}


def fix(text: str, *, guess: Guessing = "likely", script: Script = "restore") -> str:
    """The text that was meant. Text without damage comes back as the same object.

    >>> fix("網(wǎng)絡(luò)技術(shù)發(fā)展得很快,產(chǎn)業(yè)鏈條也很長(zhǎng)。")
    '网络技术发展得很快,产业链条也很长。'
    """
    return explain(text, guess=guess, script=script).text


def explain(text: str, *, guess: Guessing = "likely", script: Script = "restore") -> Repair:
    """As `fix`, with the account: what was found, what was done, what was guessed and how surely."""
    check(text, guess, script)
    repair, least = Repair(text), LEAST[guess]
    if text.isascii():
        return _convert(repair, script)
    if screen.PINYIN.search(text):
        from mojifix import kit  # 10 ms, for such pages alone

        repair = repair.then(kit.undo(text, threshold=THRESHOLD, least=least, keep_script=script == "keep"))
    lines = [*screen.lines(repair.text)]
    near: list[tuple[int, int]] = []
    for number in range(ROUNDS if lines else 0):
        found, lines = spans.undo(repair.text, lines, threshold=THRESHOLD, least=least, again=number > 0 and least > 0)
        if near and not found.plan and (row := alike.channel(repair.damage)):
            found = spans.repaired(repair.text, alike.spans(repair.text, row, near), least)
        if not found.plan:
            break
        repair = repair.then(found)
        (step,) = found.plan.steps
        lines = [*screen.lines(repair.text, spans.moved(lines, step))]
        repairs = spans.moved([(edit.start, edit.end) for edit in step.edits], step)
        near = [*screen.joined(sorted((*spans.moved(near, step), *alike.around(repairs))))]
    return _convert(repair, script)


def check(text: object, guess: str, script: str) -> None:
    """Raise TypeError for what is no text, and ValueError for what is no option."""
    if isinstance(text, (bytes, bytearray, memoryview)):
        raise TypeError(
            "fix repairs text, but this is bytes: mojifix.decode(data) finds their encoding and repairs them, "
            "mojifix.explain(data) says how; data.decode('gb18030') if you know the encoding"
        )
    if not isinstance(text, str):
        raise TypeError(f"mojifix repairs text, but this is {type(text).__name__}: give it a str")
    if guess not in GUESSINGS:
        raise ValueError(f"guess must be one of {', '.join(GUESSINGS)}, not {guess!r}")
    if script not in SCRIPTS:
        raise ValueError(f"script must be one of {', '.join(SCRIPTS)}, not {script!r}")


def _convert(repair: Repair, script: str) -> Repair:
    """The whole text in one script, by OpenCC, if one is asked for; a step of the plan like every other."""
    if script not in ("simplified", "traditional"):
        return repair
    converted = convert(repair.text, script)
    if converted == repair.text:
        return repair
    step = Step(f"script: {script}", tuple(difference(repair.text, converted)))
    return repair.then(Repair(converted, Plan((step,))))
