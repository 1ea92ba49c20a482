"""Bytes in: encodings, mixtures, damage, names, files, and what is no text."""

from __future__ import annotations

import io
import os
import random
import tarfile
import zipfile
from functools import partial
from pathlib import Path

import pytest
from clock import linear

import mojifix
from mojifix.charsets import POLICIES, euc_tw
from mojifix.plan import Plan
from mojifix.rawbytes.languages import ABC, JA, KO, ZH, bits

SIMPLIFIED = "今天天气很好，我们一起去公园散步吧。\n他说明天可能会下雨，记得带伞。\n"
TRADITIONAL = "今天天氣很好，我們一起去公園散步吧。\n他說明天可能會下雨，記得帶傘。\n"
JAPANESE = "今日は天気がいいので、公園を散歩しましょう。\n"
KOREAN = "오늘은 날씨가 좋으니 공원을 산책합시다.\n"
RUSSIAN = "Доброе утро, сегодня хорошая погода.\n"
FRENCH = "Le café était très agréable, où nous avons déjeuné.\n"
UNICODE = "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be gb18030"
TEXTS = [
    *((SIMPLIFIED, encoding) for encoding in f"{UNICODE} gbk gb2312 hz".split()),
    *((TRADITIONAL, encoding) for encoding in f"{UNICODE} big5 cp950 big5hkscs".split()),
    *((JAPANESE, encoding) for encoding in ["utf-8", "utf-16-le", "cp932", "shift_jis", "euc_jp", "iso2022_jp"]),
    *((KOREAN, encoding) for encoding in ["utf-8", "utf-16-le", "cp949", "euc_kr", "iso2022_kr"]),
    *((RUSSIAN, encoding) for encoding in ["utf-8", "cp1251", "koi8-r", "cp866", "iso8859-5"]),
    *((FRENCH, encoding) for encoding in ["utf-8", "cp1252"]),
    ("Die Straße führt über die Brücke nach München.\n", "cp1252"),
    ("𠮷野家的龘㐀字很少见，今天我们来学习。", "gb18030"),
    ("我哋喺度食緊飯，你嚟唔嚟呀？佢話嘅嘢好有趣。", "big5hkscs"),
    ("Hello, world\n", "ascii"),
    ("Bush hid the facts", "ascii"),
]


def check(data: bytes, text: str, **options: str) -> mojifix.Repair:
    """The text comes out, and the plan says how without the model."""
    repair = mojifix.explain(data, **options)  # type: ignore[arg-type]
    assert repair.text == text
    assert mojifix.decode(data, **options) == text  # type: ignore[arg-type]
    assert mojifix.replay(data, Plan.from_json(repair.plan.to_json())) == text
    assert all(0 <= found.start <= found.end <= len(data) for found in repair.damage)
    return repair


@pytest.mark.parametrize(("text", "encoding"), TEXTS, ids=[f"{encoding} {text[:4]}" for text, encoding in TEXTS])
def test_unknown_encodings(text: str, encoding: str) -> None:
    assert check(text.encode(encoding), text).damage == ()


@pytest.mark.parametrize("word", ["什么", "联通", "目前", "今天", "你好", "中文", "测试", "谢谢"])
def test_words_that_are_valid_in_other_encodings(word: str) -> None:
    assert check(word.encode("gbk"), word).encoding == "gb18030"


def test_euc_tw() -> None:
    cells = {char: cell for cell, char in euc_tw._cells().items() if len(cell) == 2}
    data = b"".join(cells.get(char, char.encode()) for char in TRADITIONAL)
    assert check(data, TRADITIONAL).encoding == "euc-tw"


# Mixed


def test_lines_cells_and_files_in_several_encodings() -> None:
    parts = [(SIMPLIFIED, "gbk"), (SIMPLIFIED, "utf-8"), (TRADITIONAL, "big5"), (FRENCH, "cp1252")]
    data = b"".join(text.encode(encoding) for text, encoding in parts)
    repair = check(data, "".join(text for text, _ in parts))
    assert repair.encoding == "utf-8, gb18030, big5hkscs, cp1252"


def test_no_line_spoils_another() -> None:
    lines = SIMPLIFIED.splitlines(keepends=True) * 6
    data = b"".join(line.encode("gbk" if i % 2 else "utf-8") for i, line in enumerate(lines))
    check(data, "".join(lines))


def test_cells() -> None:
    rows = [("张三丰", "北京市海淀区"), ("李小明", "上海市浦东新区")]
    data = b"".join(b"1," + name.encode("gbk") + b",2020-01-01," + place.encode() + b",x\n" for name, place in rows)
    check(data, "".join(f"1,{name},2020-01-01,{place},x\n" for name, place in rows))


def test_a_header_and_a_body() -> None:
    check("# 标题：测试文件\n".encode() + SIMPLIFIED.encode("gbk"), "# 标题：测试文件\n" + SIMPLIFIED)


def test_neighbours_decide() -> None:
    text = "我们去过很多地方。\n目前\n什么\n联通\n"
    assert check(text.encode("gbk"), text).encoding == "gb18030"


def test_files_joined_with_their_marks() -> None:
    check(SIMPLIFIED.encode("utf-8-sig") * 2, SIMPLIFIED * 2)
    check(GBK + "\ufeff".encode() + GBK, SIMPLIFIED * 2)
    check(b"abc " + SIMPLIFIED.encode("utf-8-sig"), "abc " + SIMPLIFIED)


@pytest.mark.parametrize("word", ["什么", "联通", "目前"])
def test_a_line_of_gbk_that_is_valid_utf8(word: str) -> None:
    text = SIMPLIFIED * 50 + word + "\n" + SIMPLIFIED * 50
    check(text.encode("gbk"), text)
    check(text.encode(), text)
    cells = f"1,你好,2\n1,{word},2\n1,中国,2\n"
    check(cells.encode("gbk"), cells)


def test_western_lines_among_chinese_ones() -> None:
    lines = [(SIMPLIFIED, "gbk"), ("Café à Genève\n", "cp1252"), (SIMPLIFIED, "utf-8"), ("£5 for…\n", "cp1252")]
    check(b"".join(text.encode(encoding) for text, encoding in lines), "".join(text for text, _ in lines))


def test_many_short_lines() -> None:
    words = ["苹果", "香蕉", "橘子", "葡萄", "饕餮", "魑魅", "天气", "公园", "散步", "下雨"] * 20
    for encoding in ("utf-8", "gbk", "utf-16-le"):
        check("\n".join(words).encode(encoding), "\n".join(words))


# Damaged

GBK = SIMPLIFIED.encode("gbk")


@pytest.mark.parametrize("at", [4, 10, 20, 30])
def test_a_byte_missing_in_gbk_costs_one_character(at: int) -> None:
    seen = check_plan(GBK[:at] + GBK[at + 1 :])
    assert len(seen) in (len(SIMPLIFIED), len(SIMPLIFIED) - 1)
    assert sum(a != b for a, b in zip(seen[-20:], SIMPLIFIED[-20:], strict=True)) == 0
    assert sum(a != b for a, b in zip(seen, SIMPLIFIED, strict=False) if len(seen) == len(SIMPLIFIED)) <= 1


@pytest.mark.parametrize("at", [11, 21])
def test_a_byte_added_inside_a_character_of_gbk(at: int) -> None:
    assert check_plan(GBK[:at] + b"\xc3" + GBK[at:]) == SIMPLIFIED


@pytest.mark.parametrize(("text", "encoding"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs")])
def test_the_shift_stops_at_the_hole(text: str, encoding: str) -> None:
    pages = (text * 40).encode(encoding)
    start = len(pages) // 2 // len(text.encode(encoding)) * len(text.encode(encoding))
    for at in (start + 4, start + 9, start + 18):
        lines = check_plan(pages[:at] + pages[at + 1 :]).split("\n")
        assert sum(a != b for a, b in zip(lines, (text * 40).split("\n"), strict=True)) <= 1


def check_plan(data: bytes) -> str:
    return check(data, mojifix.decode(data)).text


def test_stumps() -> None:
    for codec in ("gbk", "cp1252", "gb18030"):
        data = SIMPLIFIED.encode().decode(codec, "replace").encode(codec, "replace")
        repair = check(data, SIMPLIFIED)
        assert repair.damage and repair.guesses


@pytest.mark.parametrize("program", ["cp936/windows", "cp936/icu", "gbk/cpython", "gb18030/cpython", "cp1252/cpython"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_stumps_of_programs(program: str, end: str) -> None:
    policy, text = POLICIES[program], "今天天气很好，我们一起去公园散步吧。"
    data = policy.encode(policy.decode(text.encode())) + end.encode()
    check(data, text + end)


def test_what_stays_unknown_is_not_guessed_again() -> None:
    """`fix` knows less of it."""
    data = b"".join(line.encode() + b"\xe5\x99?\xff\xff\n" for line in SIMPLIFIED.split("\n"))
    assert all(found.channel.startswith(("utf-8 with", "bytes that")) for found in mojifix.explain(data).damage)
    assert "\udfff" not in mojifix.explain(data, guess="never").text


def test_short_lines_of_many() -> None:
    """鉶 is a rare hanzi: no line is plain by it."""
    lines = [(SIMPLIFIED, "gbk"), ("São Paulo, Brasil\n", "cp1252"), ("smörgåsbord\n", "cp1252")] * 40
    check(b"".join(text.encode(encoding) for text, encoding in lines), "".join(text for text, _ in lines))


def test_stumps_without_guessing() -> None:
    data = "机器学习".encode()
    text = mojifix.decode(data[:2] + b"?" + data[3:], guess="never")
    assert "\ufffd" in text and text.endswith("学习")


def test_cut_at_both_ends() -> None:
    assert check_plan(SIMPLIFIED.encode()[1:-3])[3:16] == SIMPLIFIED[3:16]
    assert check_plan(GBK[1:-2])[3:16] == SIMPLIFIED[3:16]


def test_nul() -> None:
    assert [found.channel for found in check(GBK[:10] + b"\0" + GBK[10:], SIMPLIFIED).damage] == ["NUL"]
    check(GBK + b"\0" * 20, SIMPLIFIED)
    check(b"\0".join(GBK[at : at + 9] for at in range(0, len(GBK), 9)), SIMPLIFIED)
    check(SIMPLIFIED.encode()[:12] + b"\0\0" + SIMPLIFIED.encode()[12:], SIMPLIFIED)
    names = "第一章\0第二章\0第三章\0"
    check(names.encode("gbk"), names)


def test_line_ends() -> None:
    check(SIMPLIFIED.replace("\n", "\r\r\n").encode("gbk"), SIMPLIFIED.replace("\n", "\r\n"))
    check(SIMPLIFIED.replace("\n", "\r\n").encode("gbk"), SIMPLIFIED.replace("\n", "\r\n"))
    for encoding in ("utf-16-le", "utf-16-be", "utf-16"):
        check(SIMPLIFIED.encode(encoding).replace(b"\n", b"\r\n"), SIMPLIFIED)
        windows = SIMPLIFIED.replace("\n", "\r\n")
        check(windows.encode(encoding), windows)


def test_the_euro_of_windows() -> None:
    check("价格是".encode("gbk") + b"\x80" + "，不贵。\n".encode("gbk"), "价格是€，不贵。\n")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_escapes_on_request(encoding: str) -> None:
    data = SIMPLIFIED.encode(encoding)
    for form, undo in ((b"%%%02X", "percent"), (b"=%02X", "quoted-printable"), (b"\\x%02x", "backslash")):
        hidden = b"".join(form % value if value > 127 else bytes((value,)) for value in data)
        check(hidden, SIMPLIFIED, undo=undo)


def test_other_backslashes() -> None:
    check(rb"\u4e2d\u6587 \ud83d\ude00 \346\226\207", "中文 😀 文", undo="backslash")
    assert mojifix.decode(rb"\u4e2d") == rb"\u4e2d".decode()


def test_seven_bits_on_request() -> None:
    check(bytes(value & 0x7F for value in GBK), SIMPLIFIED, undo="7bit")


def test_then_everything_of_fix() -> None:
    assert check(SIMPLIFIED.encode().decode("gbk", "replace").encode(), SIMPLIFIED).damage[0].start == 0
    check(SIMPLIFIED.encode().decode("latin-1").encode(), SIMPLIFIED)


# No text

BINARY = {
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06\0\0\0\\r\xa8f" + os.urandom(400),
    "ELF": b"\x7fELF\2\1\1" + b"\0" * 9 + b"\3\0>\0\1\0\0\0" + b"\x30\x10\0\0\0\0\0\0@\0\0\0\0\0\0\0\xb8\x41\0\0" * 20,
    "bytes": bytes(range(256)) * 4,
    "zeros": b"\0" * 100,
    "high bytes": bytes(random.Random(1).choices(range(128, 256), k=4000)),
    "high bytes in lines": bytes(random.Random(1).choices([*range(128, 256), 10, 32, 65], k=4000)),
}


@pytest.mark.parametrize("data", BINARY.values(), ids=BINARY)
def test_binary(data: bytes) -> None:
    with pytest.raises(mojifix.NotTextError, match="are no text"):
        mojifix.decode(data, errors="strict")
    assert {*mojifix.decode(data)} <= {*map(chr, range(128)), "\ufffd"}
    assert mojifix.decode(data, errors="surrogateescape").encode("utf-8", "surrogateescape") == data


def test_empty() -> None:
    assert mojifix.decode(b"") == mojifix.decode(b"", errors="strict") == ""
    assert mojifix.explain(b"").encoding is None


def test_kept_and_refused_bytes() -> None:
    data = SIMPLIFIED.encode("gbk") + b"abc \xff def\n"
    assert mojifix.decode(data) == SIMPLIFIED + "abc \ufffd def\n"
    assert mojifix.decode(data, errors="surrogateescape") == SIMPLIFIED + "abc \udcff def\n"
    with pytest.raises(mojifix.NotTextError, match="0xff"):
        mojifix.decode(data, errors="strict")


def test_options_and_types() -> None:
    with pytest.raises(ValueError, match="errors must be"):
        mojifix.decode(b"a", errors="ignore")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="undo must be"):
        mojifix.decode(b"a", undo="base64")
    with pytest.raises(ValueError, match="guess must be"):
        mojifix.decode(b"a", guess="maybe")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"mojifix\.decode\(data\)"):
        mojifix.fix(b"a")  # type: ignore[arg-type]
    assert mojifix.decode(memoryview(GBK)) == SIMPLIFIED  # type: ignore[arg-type]
    assert mojifix.decode(bytearray(GBK)) == SIMPLIFIED  # type: ignore[arg-type]


def test_plans_of_bytes_and_of_text() -> None:
    plan = mojifix.explain(GBK).plan
    with pytest.raises(ValueError, match="made for bytes"):
        mojifix.replay(SIMPLIFIED, plan)
    with pytest.raises(ValueError, match="made for text"):
        mojifix.replay(GBK, Plan())
    with pytest.raises(ValueError, match="other bytes"):
        mojifix.replay(GBK[:-1], plan)
    wrongs = '{"undo":[],"parts":[[0,1,"no such thing"]]}', '{"undo":["x"],"parts":[]}', '{"undo":[],"parts":[[1]]}'
    for wrong in wrongs:
        with pytest.raises(ValueError, match=r"not a plan|undo must be"):
            Plan.from_json(f'{{"mojifix":1,"reading":{wrong},"steps":[]}}')


# Names


def test_names_in_zip_archives(tmp_path: Path) -> None:
    for name, encoding in (("资料/说明书.txt", "gbk"), ("资料/说明书.txt", "utf-8"), ("資料の説明書です.txt", "cp932")):
        assert mojifix.name(name.encode(encoding).decode("cp437")) == name
    info = zipfile.ZipInfo("Über café.txt")
    info.flag_bits = 0x800
    assert mojifix.name(info) == "Über café.txt"
    info = zipfile.ZipInfo("说明书".encode("gbk").decode("cp437"))
    assert mojifix.name(info) == "说明书"
    info.flag_bits |= 0x800
    assert mojifix.name(info) == info.filename


def test_names_of_file_systems_tar_and_urls() -> None:
    assert mojifix.name("资料/说明书.txt".encode("gbk").decode("utf-8", "surrogateescape")) == "资料/说明书.txt"
    assert mojifix.name("資料.txt".encode("big5")) == "資料.txt"
    assert mojifix.name("图片.jpg".encode("gbk").decode("utf-8", "surrogateescape")) == "图片.jpg"
    entry = tarfile.TarInfo("说明书.txt").tobuf(tarfile.GNU_FORMAT, "gbk", "strict")
    assert mojifix.name(tarfile.TarInfo.frombuf(entry, "utf-8", "surrogateescape").name) == "说明书.txt"
    assert mojifix.name("/%D6%D0%CE%C4/%E4%B8%AD%E6%96%87.txt", percent=True) == "/中文/中文.txt"


RIGHT = ["说明书.txt", "résumé.txt", "100%AB.txt", "plain.txt", "Übersicht", "α.txt", "Привет", "Łódź.jpg", ""]


@pytest.mark.parametrize("name", RIGHT)
def test_names_that_are_right(name: str) -> None:
    assert mojifix.name(name) == name


# Files


class Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16-le", "utf-8-sig", "big5"])
def test_open(encoding: str, tmp_path: Path) -> None:
    text = (TRADITIONAL if encoding == "big5" else SIMPLIFIED) * 4 + "the end, without a line end"
    file = tmp_path / "file.txt"
    file.write_bytes(text.encode(encoding))
    lines = text.splitlines(keepends=True)
    assert [*mojifix.open(file)] == [*mojifix.open(str(file))] == lines
    assert [*mojifix.open(Pipe(text.encode(encoding)))] == lines


def test_open_goes_on_after_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mojifix.rawbytes.files.BLOCK", 50)
    for encoding in ("gbk", "utf-8", "utf-16-le"):
        assert "".join(mojifix.open(io.BytesIO((SIMPLIFIED * 9).encode(encoding)))) == SIMPLIFIED * 9
        assert "".join(mojifix.open(Pipe((SIMPLIFIED * 9).encode(encoding)))) == SIMPLIFIED * 9


def test_the_end_of_a_file_may_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mojifix.rawbytes.files.BLOCK", 2000)
    monkeypatch.setattr("mojifix.rawbytes.files.GLANCE", 500)
    text = "plain, nothing to be seen\n" * 200 + RUSSIAN * 60
    assert "".join(mojifix.open(io.BytesIO(text.encode("koi8-r")))) == text


def test_time_is_linear() -> None:
    noise = bytes(random.Random(1).choices([*range(128, 256), 10, 32, 65], k=40))
    hostile = noise, b"\xc1\xaa\n", b"\xe5\x99?", b"\xff", b"%D6", b"\x81", b"\0\n", "Ū ".encode()
    for unit in (GBK, SIMPLIFIED.encode(), GBK[1:], *hostile):
        assert linear(*(partial(mojifix.decode, unit * times) for times in (60, 240))), unit


# Languages


def test_each_language_is_cheapest_in_itself() -> None:
    for text, language in ((SIMPLIFIED, ZH), (JAPANESE, JA), (KOREAN, KO), (RUSSIAN, ABC), (FRENCH, ABC)):
        assert min((ZH, JA, KO, ABC), key=lambda other: bits(text, other)) == language
