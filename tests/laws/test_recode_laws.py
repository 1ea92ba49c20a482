"""Laws of codec mix-ups, for every row of the table. The text is the repaired seed page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mojifix
from mojifix.channels.recode import RECODES, Recode
from mojifix.charsets import covers

SEED = Path(__file__).parents[2] / "seeds" / "000_30b5b154e1590d09.expected.txt"
PAGE = SEED.read_text(encoding="utf-8").translate({ord(","): "，", ord("?"): "？"})  # as it was before the kit
SENTENCES = [s + "。" for line in PAGE.split("\n") for s in line.strip().split("。") if 12 <= len(s) <= 40]

rows = pytest.mark.parametrize("channel", RECODES, ids=lambda channel: channel.policy.name)
pieces = st.integers(0, len(PAGE) - 1).flatmap(lambda at: st.integers(1, 40).map(lambda size: PAGE[at : at + size]))
documents = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map("\n".join)


@rows
@given(text=st.one_of(pieces, st.text(max_size=20).filter(lambda s: s.isprintable())))
def test_what_was_written_is_among_what_may_have_been(channel: Recode, text: str) -> None:
    pattern = channel.invert(channel.damage(text))
    assert pattern is not None and covers(pattern, text.encode(channel.charset))


@rows
@settings(max_examples=12)
@given(text=documents)
def test_a_repair_is_final_and_replays(channel: Recode, text: str) -> None:
    damaged = channel.damage(text)
    repair = mojifix.explain(damaged)
    assert repair.text == mojifix.fix(damaged) == mojifix.replay(damaged, repair.plan)
    assert mojifix.fix(repair.text) == repair.text
    assert mojifix.Plan.from_json(repair.plan.to_json()) == repair.plan
    for guess in repair.guesses:
        assert repair.text.startswith(guess.text, guess.start)
        assert guess.probability >= 0.5
        assert sum(p for _, p in guess.alternatives) + guess.probability < 1.001


@rows
@settings(max_examples=8)
@given(text=st.sampled_from(SENTENCES), before=st.sampled_from(SENTENCES), behind=st.sampled_from(SENTENCES))
def test_clean_paragraphs_around_it_change_nothing(channel: Recode, text: str, before: str, behind: str) -> None:
    damaged = channel.damage(text)
    around = mojifix.fix(f"{before}\n{damaged}\n{behind}")
    assert around == f"{before}\n{mojifix.fix(damaged)}\n{behind}"


@rows
def test_most_sentences_come_back(channel: Recode) -> None:
    back = sum(mojifix.fix(channel.damage(text)) == text for text in SENTENCES)
    # Sentences of one page that the model has never read; benchmarks/accuracy.py has the figures of much more text.
    assert back >= 0.7 * len(SENTENCES)


@given(text=pieces)
def test_where_nothing_was_lost_everything_comes_back(text: str) -> None:
    text = "这里说明：" + text.strip()
    damaged = RECODES[0].damage(text)
    if "\ufffd" not in damaged and "€" not in damaged:
        assert mojifix.fix(damaged) == text


@given(text=pieces)
def test_no_guess_leaves_the_mark_of_loss(text: str) -> None:
    text = "这里说明：" + text.strip() + "。"
    repair = mojifix.explain(RECODES[1].damage(text), guess="never")
    assert repair.guesses == ()
    if len(repair.text) == len(text):
        assert all(seen in (meant, "\ufffd") for seen, meant in zip(repair.text, text, strict=True))
