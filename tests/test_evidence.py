"""What a span is refused for before its lattice is built, and what it is not."""

from __future__ import annotations

import pytest

from mojifix import explain
from mojifix.channels.recode import CROSSED, RECODES, Recode
from mojifix.evidence import Seen, exact
from mojifix.model import load

TEXTS = {
    "gbk": "请检查网络连接，然后重新启动程序，谢谢您的支持。它们具有弹性，由别的服务提供帮助。",
    "big5": "這個遊戲需要安裝最新版本",
    "cp932": "彩りや盛り付けにも独自のセンスが光り、見た目の美しさも楽しい。",
    "cp949": "오늘은 날씨가 좋아서 공원에 갔다",
}
TEXTS |= {"utf-8": TEXTS["gbk"], "euc-jp": TEXTS["cp932"]}


def crossed(text: str) -> list[Recode]:
    return Seen(text, 0, len(text), load()).crossed()


@pytest.mark.parametrize("row", CROSSED, ids=lambda row: row.name)
@pytest.mark.parametrize("text", ["", "a?", "10 % <b>"])
def test_what_was_read_so_is_not_refused(row: Recode, text: str) -> None:
    """Marks of loss and ASCII beside it, too."""
    assert row in crossed(row.damage(text + TEXTS[row.charset] + text))


@pytest.mark.parametrize("text", ["延賞與晟有隙", "뽀뽀뽀는 괜찮다"])
def test_rare_characters_are_refused_by_their_readings(text: str) -> None:
    assert crossed(text) == []


ROWS = {row.name: row for row in RECODES}
CLEAR = ["utf-8 read as cp1252/whatwg", "utf-8 read as cp936/icu", "gbk read as cp437", "big5 read as latin-1"]
CLEAN = ["今天天气很好，我们去公园玩。", "Crème brûlée, naïve façade", "# 目前的系统", "Приветствую вас"]


@pytest.mark.parametrize("first", CLEAR)
@pytest.mark.parametrize("second", CLEAR)
def test_lines_of_two_channels_and_clean_ones(first: str, second: str) -> None:
    """What is read without the model reads as with it, whatever is at work beside it."""
    texts = [TEXTS["big5" if name.startswith("big5") else "gbk"].rstrip("。") for name in (first, second)]
    damaged = [ROWS[name].damage(text) for name, text in zip((first, second), texts, strict=True)]
    lines = [line for clean in CLEAN for line in (damaged[0], clean, damaged[1])]
    truth = [line for clean in CLEAN for line in (texts[0], clean, texts[1])]
    repair = explain("\n".join(lines))
    assert repair.text.split("\n") == truth
    assert {damage.channel for damage in repair.damage} == {first, second}


@pytest.mark.parametrize("name", [*filter(lambda name: "icu" not in name, CLEAR), "gbk read as koi8-r"])
def test_a_channel_at_work_takes_no_line_of_another(name: str) -> None:
    """Nor a clean one, nor a short one, of which being valid says little."""
    row = ROWS[name]
    own = row.damage(TEXTS[row.charset])
    found = exact(own, 0, len(own), (row,), load())
    assert found is not None and found.reading.text == TEXTS[row.charset]
    others = [ROWS[other].damage(TEXTS[ROWS[other].charset]) for other in (*CLEAR, "cp932 read as latin-1")]
    for text in (*CLEAN, *filter(own.__ne__, others), "ä½\xa0", "鍒濆", own[:2], own[1:]):
        assert exact(text, 0, len(text), (row,), load()) is None or row.exact(text) == TEXTS[row.charset], text
