"""The screen: each family is seen, what looks like it is not, and clean text costs next to nothing."""

from __future__ import annotations

import sys

import pytest
from clock import linear, slowness, spent
from hypothesis import given, settings
from hypothesis import strategies as st

from mojifix.channels.recode import RECODES
from mojifix.marks import pattern
from mojifix.screen import FAR, families, lines, suspicious

if sys.version_info >= (3, 11):
    from re import _parser as sre  # type: ignore[attr-defined]
else:
    import sre_parse as sre

BY_NAME = {channel.name: channel for channel in RECODES}


def damaged(name: str, text: str) -> str:
    return BY_NAME[name].damage(text)


@pytest.mark.parametrize(
    ("family", "name", "text"),
    [
        ("hanzi", "utf-8 read as cp936/icu", "你好，世界"),
        ("hanzi", "utf-8 read as gbk/cpython", "一。"),
        ("hanzi", "utf-8 read as cp936/icu", "Привет"),
        ("hanzi", "utf-8 read as cp936/icu", "für"),
        ("hanzi", "utf-8 read as cp936/icu", "Zürich"),
        ("hanzi", "utf-8 read as gbk/cpython-ignore", "一个天气"),
        ("latin", "utf-8 read as cp1252/ignore", "中文"),
        ("hanzi", "utf-8 read as cp950/java", "我们今天去图书馆"),
        ("hanzi", "big5 read as cp936/icu", "我們今天去圖書館"),
        ("crossed", "gbk read as cp950/java", "我们今天去图书馆"),
        ("crossed", "gbk read as cp949/windows", "我们今天去图书馆"),
        ("crossed", "gbk read as cp932/java", "今天去"),
        ("crossed", "gbk read as euc-jp/cpython", "初始化配置文件失败，请检查数据库"),
        ("crossed", "cp949 read as cp936/icu", "오늘은 날씨가 좋아서 공원에 갔다"),
        ("crossed", "cp932 read as cp936/icu", "メニュー"),
        ("crossed", "cp932 read as cp936/icu", "見ました"),
        ("crossed", "cp949 read as cp936/icu", "안녕하세요"),
        ("crossed", "gbk read as cp949/windows", "一家公司"),
        ("crossed", "euc-jp read as cp936/icu", "本件料金の支払方法は別表のとおり"),
        ("latin", "gbk read as iso8859-7/whatwg", "是一个问题"),
        ("latin", "utf-8 read as latin-1", "中"),
        ("latin", "utf-8 read as latin-1", "é"),
        ("latin", "utf-8 read as cp1252/whatwg", "中文"),
        ("latin", "utf-8 read as cp1252/whatwg", "ế"),
        ("latin", "utf-8 read as cp1252/whatwg", "哈"),
        ("latin", "utf-8 read as cp437", "中文"),
        ("latin", "utf-8 read as koi8-r", "中文"),
        ("latin", "utf-8 read as cp1251/whatwg", "我们今天去图书馆"),
        ("latin", "gbk read as latin-1", "你好"),
        ("latin", "gbk read as cp1251/whatwg", "我们今天去图书馆"),
        ("latin", "gbk read as cp437", "我们今天去图书馆"),
        ("latin", "gbk read as cp437", "和集聚人"),
        ("latin", "gbk read as cp1251/whatwg", "有限公司"),
        ("latin", "gbk read as iso8859-7/whatwg", "有限公司"),
        ("latin", "utf-8 read as cp1251/whatwg", "在家"),
        ("latin", "gbk read as mac-roman", "文件夹"),
        ("latin", "gbk read as cp1252/mixed", "前言"),
        ("latin", "euc-jp read as latin-1", "日本語"),
        ("holes", "gbk read as utf-8/whatwg", "目前没有"),
        ("holes", "gbk read as utf-8/whatwg", "什么时候上线"),
        ("stumps", "utf-8 read as mended/cp936/windows", "学习。\n"),
        ("stumps", "utf-8 read as mended/cp1252/cpython", "晚上再回家吃饭，"),
    ],
)
def test_damage_is_seen(family: str, name: str, text: str) -> None:
    assert family in families(damaged(name, text))


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("hanzi", "你好，世界！今天天气很好。"),
        ("hanzi", "這個遊戲需要安裝最新版本"),
        ("hanzi", "カタカナ、ひらがな、漢字"),
        ("hanzi", "caf\u00e9"),
        ("hanzi", "tar和gzip"),
        ("hanzi", "fail2ban么？每tick"),
        ("crossed", "你好，世界！今天天气很好。"),
        ("crossed", "カタカナ、ひらがな、漢字の"),
        ("crossed", "오늘은 날씨가 좋다"),
        ("latin", "l’été à Nîmes"),
        ("latin", "Љубав је лепа"),
        ("latin", "größer, Straße"),
        ("latin", "situação"),
        ("latin", "Привет, МИР"),
        ("latin", "Καλημέρα"),
        ("latin", "με τη δοµή αυτή, µε ένα µέτρο"),  # the micro sign for mu
        ("latin", 'đã, đến "à", “ó”'),
        ("latin", "┌──┐ ▓▒░"),
        ("latin", "╔═╡ Файлы ╞═╗ ║│ ╙─╨─╜ █╗"),
        ("latin", "±5 °C, ½, №5"),
        ("latin", "§ 5 — «Ёлка»®, 25 °C"),
        ("latin", "ν΄ ανανεώνει· στο α΄ επίπεδο"),
        ("latin", "nǐ hǎo"),
        ("latin", "你好"),
        ("holes", "a lone \ufffd is nothing"),
        ("holes", "你\ufffd好"),
        ("holes", "\ufffd\ufffd\ufffd\ufffd"),
        ("stumps", "真的吗??你确定?"),
        ("stumps", "U+FFFD is \ufffd."),
        ("stumps", "\ufffd"),
    ],
)
def test_what_looks_like_it_is_not(family: str, text: str) -> None:
    assert family not in families(text)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_is_of_no_family_and_has_no_lines(text: str) -> None:
    assert families(text) == frozenset() and [*lines(text)] == []


PARTS = ["你好，世界", "plain", "", "l’été", damaged("utf-8 read as cp936/icu", "你好，世界"), "\ufffd\ufffd"]
PARTS += [damaged("utf-8 read as latin-1", "中文"), "学\ufffd?习", "\r", "a\u2028b"]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PARTS), max_size=8).map("\n".join))
def test_lines_are_whole_lines_in_order_and_all_that_are_seen(text: str) -> None:
    found = [*lines(text)]
    assert found == sorted(found)
    begins = {0, *(at + 1 for at, char in enumerate(text) if char == "\n")}
    end = -1
    for start, stop in found:
        assert start in begins and start > end and start < stop
        assert stop == len(text) or text[stop] == "\n"
        end = stop
    at = 0
    for line in text.split("\n"):
        seen = any(start <= at < stop for start, stop in found)
        assert seen or not families(line)
        at += len(line) + 1


def test_a_line_is_not_joined_to_the_next() -> None:
    bad = damaged("utf-8 read as cp936/icu", "你好，世界")
    text = f"一\n{bad}\n二\n{bad}"
    assert [text[start:stop] for start, stop in lines(text)] == [bad, bad]


def test_a_long_line_is_looked_at_near_its_marks() -> None:
    bad, clean = damaged("utf-8 read as cp936/icu", "你好，世界"), "今天天气很好，我们去公园吧。" * 100
    text = f"短\n{clean}{bad}{clean}{bad}好{bad}\n{clean}"
    one, two = [text[start:stop] for start, stop in lines(text)]
    assert one.count(bad) == 1 and two.count(bad) == 2 and two.endswith(bad)
    assert FAR <= one.index(bad) <= FAR + len(bad) and len(one) <= 2 * FAR + len(bad)
    assert [*lines(text, [(len(text) - 5, len(text))])] == []


def test_one_class_of_characters() -> None:
    """The first look is one character class: the speed of `re`; what stands beside is looked at where it fits."""
    kind, *_ = sre.parse(suspicious().pattern)
    assert str(kind[0]) == "IN"


def test_the_shipped_pattern_is_that_of_the_marks() -> None:
    assert suspicious().pattern == pattern()  # else: PATTERN.write_text(pattern())


def test_a_mark_beside_what_can_not_be_utf8_is_none() -> None:
    bad = damaged("utf-8 read as cp936/icu", "测试")
    assert "hanzi" in families(f"设置{bad}失败")
    assert not any("hanzi" in families(f"今天{char}天气很好") for char in bad)


def test_ascii_costs_nothing() -> None:
    text = "plain ascii text, nothing else.\n" * 100_000  # 3 MB
    assert [*lines(text)] == []
    assert min(spent(lambda: [*lines(text)]) for _ in range(3)) < 0.005 * slowness()


def test_time_is_linear_in_one_line_and_in_many() -> None:
    for unit in ("今天天气很好，我们去公园吧。", "l’été à Nîmes était très chaud\n"):
        once, four = unit * 2_000, unit * 8_000
        assert [*lines(four)] == []
        assert linear(lambda: [*lines(once)], lambda: [*lines(four)]), unit  # noqa: B023
