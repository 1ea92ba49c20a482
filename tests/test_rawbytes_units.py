"""UTF-16 and UTF-32 that lost a byte or got one: the units behind it are out of step, up to the next such place."""

from __future__ import annotations

import io

import pytest
from test_rawbytes import RUSSIAN, SIMPLIFIED, TRADITIONAL, check

import mojifix

WINDOWS = SIMPLIFIED.replace("\n", "\r\n") * 3
UNITS = ("utf-16-le", "utf-16-be", "utf-16")


@pytest.mark.parametrize("encoding", UNITS)
def test_cr_taken_away(encoding: str) -> None:
    """不 is U+4E0D, so it goes too, and comes back since there is no other 0D either."""
    text = SIMPLIFIED + "他们今天不去公园。\n"
    data = text.replace("\n", "\r\n").encode(encoding)
    check(data.replace(b"\r", b""), text)
    check(data.replace(b"\r\0", b"\0", 1) if encoding != "utf-16-be" else data.replace(b"\0\r", b"\0", 1),
          text.replace("\n", "\r\n"))  # fmt: skip


@pytest.mark.parametrize("encoding", [*UNITS, "utf-32-le"])
def test_cr_put_in(encoding: str) -> None:
    """上 is U+4E0A."""
    text = "早上上课，晚上下课。\n" * 3
    check(text.encode(encoding).replace(b"\n", b"\r\n"), text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("at", [0, 7, 30, 61])
def test_a_byte_missing_or_added(encoding: str, at: int) -> None:
    data = (SIMPLIFIED * 3).encode(encoding)
    for damaged in (data[:at] + data[at + 1 :], data[:at] + b"\x55" + data[at:]):
        seen = check(damaged, mojifix.decode(damaged)).text
        assert seen[-60:] == (SIMPLIFIED * 3)[-60:]
        assert seen[: at // 2 - 1] == SIMPLIFIED[: at // 2 - 1] or not at


def test_a_byte_missing_at_the_end() -> None:
    check(SIMPLIFIED.encode("utf-16-le")[:-1], SIMPLIFIED[:-1])


@pytest.mark.parametrize("text", [TRADITIONAL, RUSSIAN, "plain words, and more of them\n"])
def test_other_scripts(text: str) -> None:
    data = (text * 4).encode("utf-16-le")
    at = len(data) // 2
    seen = mojifix.decode(data[:at] + data[at + 1 :])
    assert seen[-len(text) :] == text
    assert seen[: at // 2 - 1] == (text * 4)[: at // 2 - 1]


def test_holes_in_one_long_line() -> None:
    """Around each hole a few characters are read closely, and nothing else."""
    text = SIMPLIFIED.replace("\n", "") * 100
    for encoding in ("gbk", "utf-16-le"):
        data = bytearray(text.encode(encoding))
        for at in (6020, 4018, 806):
            del data[at]
        seen = mojifix.decode(bytes(data))
        assert seen[:400] == text[:400] and seen[-400:] == text[-400:]
        assert abs(len(seen) - len(text)) <= 3


@pytest.mark.parametrize("times", [1, 20])
def test_files_put_together(times: int) -> None:
    text = SIMPLIFIED * times
    one, other, utf8 = text.encode("utf-16"), b"\xfe\xff" + text.encode("utf-16-be"), text.encode("utf-8-sig")
    for before in (text.encode("gbk"), text.encode(), one, other, one[2:]):
        check(before + one, text * 2)
        check(before + other + utf8, text * 3)
    check(text.encode("gbk") + one + utf8 + text.encode("gbk"), text * 4)
    full_width = "他说，勾起回忆。" * 50  # U+FF0C U+52FE: its halves FF FE are no mark
    check(full_width.encode("utf-16-le"), full_width)


def test_open_as_decode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mojifix.rawbytes.files.BLOCK", 3000)
    text = SIMPLIFIED * 60
    for encoding in UNITS:
        whole = text.encode(encoding)
        lost = text.replace("\n", "\r\n").encode(encoding).replace(b"\r", b"")
        for data in (whole, lost, whole.replace(b"\n", b"\r\n"), text.replace("\n", "").encode(encoding)):
            assert "".join(mojifix.open(io.BytesIO(data))) == mojifix.decode(data)
