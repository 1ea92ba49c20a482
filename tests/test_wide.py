"""What the rest of a line says of a lost character."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mojifix.lattice import Lattice
from mojifix.model import load
from mojifix.model.alphabet import Symbols
from mojifix.model.wide import DISTANCES, FAR, NOTHING, Wide
from mojifix.search import best_reading


@pytest.fixture(scope="module")
def wide() -> Wide:
    return load().wide


def test_it_learns_what_its_neighbours_leave_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mojifix.model import build_wide
    from mojifix.model.build import Corpus
    from mojifix.model.build_wide import learn

    monkeypatch.setattr(build_wide, "BATCH", 32)
    choose = random.Random(1)
    fill = "我们都很喜欢在家里和朋友一起"
    lines = [
        f"{topic}{''.join(choose.choices(fill, k=choose.randrange(2, 9)))}的{verb}。"
        for topic, verb in choose.choices([("茶", "喝"), ("歌", "唱")], k=900)
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    corpus = Corpus([tmp_path / "a.txt"])
    weights = learn(corpus.symbols, corpus.vocabulary, 100_000)
    wide = Wide(Symbols(corpus.vocabulary, {}, [0.0] * len(corpus.vocabulary)), weights)
    for topic, right, wrong in (("茶", "喝", "唱"), ("歌", "唱", "喝")):
        gains = wide.gains(f"{topic}朋友都喜欢的", "。", [right, wrong])
        assert gains[right] > gains[wrong] + 3
    assert weights == learn(corpus.symbols, corpus.vocabulary, 100_000)
    assert learn(corpus.symbols, corpus.vocabulary, 0) is NOTHING


def test_a_model_may_know_nothing_of_it() -> None:
    assert Wide(Symbols("喝唱", {}, [0.0, 0.0]), NOTHING).gains("茶", "", "喝唱") == {}


def test_distances_lie_one_behind_the_other() -> None:
    assert [first for first, _ in DISTANCES] == [2, *(last + 1 for _, last in DISTANCES[:-1])] and DISTANCES[-1][
        1
    ] == FAR


@pytest.mark.parametrize(
    ("before", "behind", "same_before", "same_behind"),
    [
        ("茶\n我们最爱", "。", "我们最爱", "。"),  # another line
        ("我们最爱", "的\n茶", "我们最爱", "的"),
        ("价格是12345元的茶", "", "价格是1元的茶", ""),  # a run of digits is one symbol
        ("傳統的東西", "，好", "传统的东西", "，好"),  # forms of a character, too
        ("茶" + 50 * "一二三四", "", 50 * "一二三四", ""),  # too far away
        ("我们的\x01最爱", "", "我们的\ufffd最爱", ""),  # what is lost says nothing, but it has its place
    ],
)
def test_what_counts(wide: Wide, before: str, behind: str, same_before: str, same_behind: str) -> None:
    assert wide.gains(before, behind, "喝唱") == wide.gains(same_before, same_behind, "喝唱") != {}


def test_nothing_is_said_of_what_has_no_symbol_and_by_no_line(wide: Wide) -> None:
    assert set(wide.gains("我们最爱", "", "喝\U00020000xのカ한")) == {"喝"}
    assert wide.gains("", "", "喝唱") == wide.gains("爱", "的", "喝唱") == {}  # the neighbours are left out


@pytest.mark.parametrize(("line", "right"), [("他拿起话筒，在舞台上", "唱"), ("他拿起酒杯，在饭桌上", "喝")])
def test_the_rest_of_the_line_is_asked_where_there_is_doubt(line: str, right: str) -> None:
    lattice = Lattice.line("高兴地").branch("喝唱").then("起来")
    ((alone,), (told,)) = (best_reading(lattice, load(), around=(before, "")).guesses for before in ("", line))
    chances = {guess.text: guess.probability for guess in (alone,)} | dict(alone.alternatives)
    assert told.text == right and told.probability > chances[right]
