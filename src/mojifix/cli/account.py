"""A repair in words: what was found and what became of it, what was guessed, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mojifix.cli.changes import Finding, findings
from mojifix.cli.kinds import kind
from mojifix.cli.saying import excerpt, percent, places
from mojifix.plan import Guess, Repair


def line(where: str, place: tuple[int, int], found: Finding) -> str:
    """One finding, as compilers and editors write their own.

    >>> line("a.txt", (1, 5), Finding(4, 6, "涓枃", "中文", "utf-8 read as gbk/cpython", 41.6))
    'a.txt:1:5: 古文码 (utf-8 read as gbk/cpython), 42 bits: 涓枃 → 中文'
    """
    sort = kind(found.channel)
    name = f"{sort.chinese} ({found.channel})" if sort.chinese else found.channel
    return (
        f"{where}:{place[0]}:{place[1]}: {name}, {found.bits:.0f} bits: "
        f"{excerpt(found.before) or '(nothing)'} → {excerpt(found.after) or '(nothing)'}"
    )


def account(where: str, source: str, repair: Repair) -> Iterator[str]:
    """A line for each finding and each restored character, and a summary."""
    if repair.encoding is not None:
        yield f"{where}: read as {repair.encoding}"
    place = places(source)
    for found in findings(source, repair):
        yield line(where, place(found.start), found)
    place = places(repair.text)
    for guess in repair.guesses:
        end = guess.start + len(guess.text)
        before, after = repair.text[max(0, guess.start - 6) : guess.start], repair.text[end : end + 6]
        at, column = place(guess.start)
        yield (
            f"{where}: restored at {at}:{column} of the result: "
            f"{excerpt(before)}[{excerpt(guess.text)}]{excerpt(after)} {percent(guess.probability)}{others(guess)}"
        )
    yield f"{where}: {summary(repair)}"


def others(guess: Guess) -> str:
    """What else a restored character may have been.

    >>> others(Guess(0, "的", 0.9, (("地", 0.06), ("得", 0.04))))
    ' (or 地 6.0 %, 得 4.0 %)'
    """
    said = ", ".join(f"{excerpt(text)} {percent(p)}" for text, p in guess.alternatives)
    return f" (or {said})" if said else ""


def summary(repair: Repair) -> str:
    if not repair.damage and not repair.plan:
        return "no damage found, the text is as it was"
    kinds = ", ".join(f"{channel} {count}" for channel, count in Counter(d.channel for d in repair.damage).items())
    parts = [f"damage found: {kinds or 'none'}", f"edits: {sum(len(step.edits) for step in repair.plan.steps)}"]
    if repair.guesses:
        parts.append(f"characters restored by guess: {len(repair.guesses)}")
    if lost := repair.text.count("\ufffd"):
        parts.append(f"U+FFFD left: {lost}")
    return "; ".join(parts)
