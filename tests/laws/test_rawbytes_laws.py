"""Laws of bytes: what was written comes out, whatever is mixed, and no bytes raise."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mojifix
from mojifix.charsets import euc_tw
from mojifix.plan import Plan
from mojifix.reading import ESCAPES, Part, Reading

LINES = [
    "春天来了，院子里的桃花都开了，孩子们在树下玩。",
    "这个软件的安装方法很简单，按照说明一步一步做就可以了。",
    "昨天晚上我看了一部很有意思的电影，推荐给大家。",
    "请在下面的表格里填写您的姓名、电话和地址。",
    "公司计划明年在上海开设新的办事处，预计投资三百万元。",
    "老师说学习语言最重要的是多听、多说、多读、多写。",
    "火车晚点了两个小时，我们只好在车站等着。",
    "他从小喜欢画画，后来成了一名有名的画家。",
]
SIMPLIFIED = ("utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "hz", "utf-8-sig")
PIECES = (
    b"\n", b"\0", b"?", b"\xe5\x99",
    b"~{", b"\x1b$B", b"\xff\xfe", b"\x84\x31\xa4\x37", b"\xef\xbb\xbf", b"\r\r\n", b"%D6",
    b"\\u", b"=\n",
)  # fmt: skip
WILD = st.one_of(
    st.binary(max_size=60),
    st.lists(st.sampled_from([*(line.encode("gbk")[:9] for line in LINES), *PIECES]), max_size=9).map(b"".join),
)  # fmt: skip
quick = settings(max_examples=60)


@pytest.mark.parametrize("encoding", SIMPLIFIED)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=4), st.sampled_from(["\n", "\r\n", ""]))
@settings(max_examples=15)
def test_what_was_written_comes_out(encoding: str, lines: list[str], end: str) -> None:
    text = end.join([*lines, ""])
    assert mojifix.decode(text.encode(encoding)) == text


@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(["utf-8", "gb18030"])), min_size=1, max_size=12))
@quick
def test_shuffled_lines_of_two_encodings(lines: list[tuple[str, str]]) -> None:
    data = b"".join((line + "\n").encode(encoding) for line, encoding in lines)
    assert mojifix.decode(data) == "".join(line + "\n" for line, _ in lines)


@given(WILD, st.sampled_from(["replace", "surrogateescape"]), st.sampled_from([(), "percent", "backslash", "7bit"]))
@settings(max_examples=200)
def test_no_bytes_raise_and_the_plan_says_all(data: bytes, errors: str, undo: str | tuple[str, ...]) -> None:
    repair = mojifix.explain(data, errors=errors, undo=undo)  # type: ignore[arg-type]
    assert mojifix.replay(data, Plan.from_json(repair.plan.to_json())) == repair.text
    assert mojifix.decode(data, errors=errors, undo=undo) == repair.text  # type: ignore[arg-type]
    assert all(0 <= found.start <= found.end for found in repair.damage)


@given(WILD)
@quick
def test_strict_gives_text_or_refuses(data: bytes) -> None:
    try:
        text = mojifix.decode(data, errors="strict", guess="never")
    except mojifix.NotTextError:
        return
    assert not any("\udc80" <= char <= "\udcff" for char in text)


@given(st.binary(max_size=200))
@quick
def test_names_never_raise(data: bytes) -> None:
    mojifix.name(data)
    mojifix.name(data.decode("utf-8", "surrogateescape"), percent=True)
    mojifix.name(data.decode("cp437"))


def test_random_bytes_are_kept() -> None:
    for seed in range(20):
        data = random.Random(seed).randbytes(1000)
        assert mojifix.decode(data, errors="surrogateescape").encode("utf-8", "surrogateescape") == data
        assert {*mojifix.decode(data)} <= {*map(chr, range(128)), "\ufffd"}


@given(st.binary(max_size=40))
@settings(max_examples=300)
def test_euc_tw_is_total(data: bytes) -> None:
    text = euc_tw.decode(data, "surrogateescape")
    assert euc_tw.decode(b"\xc4\xe3" + data, "replace")[0] == "中"
    if data.isascii():
        assert text == data.decode()


@given(st.binary(max_size=40), st.sampled_from([*ESCAPES]))
@quick
def test_readings_are_total_and_written_as_json(data: bytes, undo: str) -> None:
    raw = ESCAPES[undo](data)
    half = len(raw) // 2
    for name in ("utf-8", "gb18030", "utf-16-le", "iso2022_jp_2", "hz", "euc-tw", "cp936", "ascii", "cp1252"):
        reading = Reading((Part(0, half, name), Part(half, len(raw), "utf-8")), (undo,))
        assert Reading.from_data(reading.data()) == reading
        assert isinstance(reading.text(data), str)
