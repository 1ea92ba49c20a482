"""What a span is refused for before its lattice is built, and what it is not."""

from __future__ import annotations

import pytest

from mojifix.channels.recode import CROSSED, Recode
from mojifix.evidence import Seen
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
