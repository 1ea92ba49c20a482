"""What a sentence says of the punctuation that it has lost."""

from __future__ import annotations

import pytest

from mojifix import fix
from mojifix.charsets import POLICIES
from mojifix.lattice import Lattice
from mojifix.signs import CLOSES, CLOSES_NOTHING, NEAR, OPENS_AGAIN, TELLS, punctuated


def bits(before: str, sign: str, others: str = "、", line: str = "") -> float:
    """What a sign costs more behind a text."""
    ways = punctuated(Lattice.line(before).branch(sign + others).then("然后"), line).arcs[1]
    return next(more for text, _, more, _ in ways if sign in text)


@pytest.mark.parametrize(
    ("before", "asks"),
    [
        ("你好", False),
        ("为什么不", True),
        ("这样好不好", True),
        ("他问：谁在那里。我没有说", False),
        ("不知道是否可以", True),
        ("這個多少錢", True),
        ("真是奇怪！然后就走了", False),
    ],
)
def test_a_sentence_asks_or_tells(before: str, asks: bool) -> None:
    assert bits(before, "？") == (0.0 if asks else TELLS)


@pytest.mark.parametrize(
    ("before", "sign", "expected"),
    [
        ("他说：“好", "”", CLOSES),
        ("他说好", "”", CLOSES_NOTHING),
        ("他说：“好", "“", OPENS_AGAIN),
        ("他说好", "“", 0.0),
        ("“一”，“二", "”", CLOSES),
        ("“一”，二", "”", CLOSES_NOTHING),
        ("（一「二」", "）", CLOSES),
        ("（一「二」", "」", CLOSES_NOTHING),
    ],
)
def test_what_is_open_is_closed(before: str, sign: str, expected: float) -> None:
    assert bits(before, sign) == expected


def test_the_line_before_counts() -> None:
    assert bits("好", "”", line="他说：“") == CLOSES
    assert bits("好", "”", line="他说：“" + "很" * NEAR) == CLOSES_NOTHING


def test_behind_what_was_lost_nobody_knows() -> None:
    lattice = Lattice.line("他说").branch("“‘").then("好").branch("”’").then("。")
    assert punctuated(lattice).arcs[3] == lattice.arcs[3]


def test_a_place_where_nothing_may_have_stood_stays_one() -> None:
    lattice = Lattice.line("好")
    lattice.arcs[-1] += [("", 2, 0.0, False), ("？、", 2, 0.0, True)]
    lattice.arcs.append([])
    assert punctuated(lattice).arcs[1] == [("", 2, 0.0, False), ("？", 2, TELLS, True), ("、", 2, 0.0, True)]


def test_nothing_else_is_touched() -> None:
    lattice = Lattice.line("今天").branch("天夭").then("气")
    assert punctuated(lattice) is lattice


@pytest.mark.parametrize(
    "line", ["他说：“我们走吧”", "（参见第三章）", "他最爱读《红楼梦》", "你为什么不早点告诉我？", "我已经告诉你了。"]
)
def test_lines_come_back(line: str) -> None:
    seen = POLICIES["gbk/cpython"].decode(line.encode())
    assert "\ufffd" in seen
    assert fix(seen) == line
