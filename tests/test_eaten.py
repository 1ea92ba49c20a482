"""What a swallowed byte was, by what its line has opened."""

from __future__ import annotations

import pytest

from mojifix import explain, fix
from mojifix.charsets import POLICIES
from mojifix.eaten import Gap, missing

WINDOWS = POLICIES["cp936/windows"]


@pytest.mark.parametrize(
    "line",
    [
        'print("任务已经完成。")',
        '{"city": "上海", "note": "明天有雨，请带伞。", "ok": true}',
        "<p>感谢您的支持。</p>",
        "- **注意。** 更新之前请备份",
        "notify('任务已经完成。')",
        '    say("好的。")  # 然后（等待）\n',
    ],
)
def test_what_a_line_opens_is_closed(line: str) -> None:
    seen = WINDOWS.decode(line.encode())
    assert "?" in seen
    assert fix(seen) == line


@pytest.mark.parametrize(
    "text", ["it's", 'a "b" c', "f(g(x), [y])", "a->b, c=>d", "**a** and *b*", "* one", "<甲> 1 <2", '"" , ""', "1 < 2"]
)
def test_nothing_is_missing(text: str) -> None:
    assert not missing(text)


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ('say("hello, 1);', Gap(5, 15, '"', True)),
        ("**bold*: x", Gap(1, 10, "*", True)),
        ("a (b, c", Gap(3, 7, ")", True)),
        ("b) c", Gap(0, 1, "(", False)),
    ],
)
def test_what_is_missing(text: str, gap: Gap) -> None:
    assert missing(text) == [gap]


def test_time_is_linear() -> None:
    line = WINDOWS.decode(('say("好的。", (' * 2000).encode())
    assert explain(line).guesses
