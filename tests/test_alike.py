"""Western text: what its signs cost, and what tells nothing by itself near damage that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from mojifix import explain, fix
from mojifix.alike import NEAR
from mojifix.bom import BOM, begun
from mojifix.channels.recode import RECODES
from mojifix.lattice import Lattice
from mojifix.model import load
from mojifix.model.build_latin import build, texts
from mojifix.model.latin import KINDS, signs, western

ROWS = {row.name: row for row in RECODES}
READERS = ["utf-8 read as cp936/icu", "utf-8 read as gbk/cpython", "utf-8 read as cp936/windows"]
TELLS = "Don’t ask. It’s 5\u00a0GB.\n"
#: the edge of a word, signs alone and in quotes, letters that are words
QUIET = ["Über uns\n", "Copyright © 2020 Foo\n", "at 5 °C or ±3 m\n", "et «ça» à la carte\n", "instal·lació\n"]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("line", QUIET)
def test_what_tells_nothing_is_read_near_what_does(name: str, line: str) -> None:
    text = TELLS + line + "plain\n" + line
    assert fix(ROWS[name].damage(text)) == text


def test_only_near_it() -> None:
    tells, quiet = (ROWS[READERS[0]].damage(text) for text in (TELLS, QUIET[1]))
    between = "plain text\n" * (NEAR // 10)
    assert fix(quiet) == quiet
    assert fix(tells + between + quiet) == TELLS + between + quiet


def test_clean_hanzi_near_it_are_left() -> None:
    clean = '漏了什么？目前系统正常。\n什么\n系统 2.0，目前 5 路\n他叫{"一": "路"}\n'
    assert fix(ROWS[READERS[0]].damage(TELLS) + clean) == TELLS + clean


def test_the_account_names_the_channel() -> None:
    repair = explain(ROWS[READERS[0]].damage(TELLS + QUIET[1]))
    assert {damage.channel for damage in repair.damage} == {READERS[0]}
    assert len(repair.damage) == 2


@pytest.mark.parametrize("text", ["— said", "a “b” – c…", "©", "«\u00a0é\u00a0» → ✓ 1×2", "日本"])
def test_a_text_costs_what_its_parts_do(text: str) -> None:
    """The state behind a sign says all that what follows depends on."""
    step, model = western(load()), load()
    whole, end = step(model.start, text)
    total, state = 0.0, model.start
    for char in text:
        bits, state = step(state, char)
        total += bits
    assert state == end
    assert total == pytest.approx(whole)


def test_signs_stand_where_western_text_has_them() -> None:
    def bits(text: str) -> float:
        return western(load())(load().start, text)[0]

    assert bits("one — two") < bits("one – two") < bits("one ‧ two")
    assert bits("“so”") < bits("”so“")
    assert bits("«\u00a0é\u00a0»") < bits("«\u00a0章頻\u00a0»")


def test_the_table_says_how_often() -> None:
    assert all({*sign.behind} == {*sign.then} == {*KINDS} for sign in signs().values())
    assert min(bits for sign in signs().values() for bits in (*sign.behind.values(), *sign.then.values())) >= 0.0


def test_it_is_counted_in_folders_of_text(tmp_path: Path) -> None:
    """A sign that is in three folders, behind spaces; not one that is in two, nor what is no Western text."""
    for number, extra in enumerate(["… ", "… ", ""]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.txt").write_text(f"one — two {extra}three\nplain\n", encoding="utf-8")
        (folder / "b.txt").write_text("中文 → 中文\n", encoding="utf-8")
        (folder / "c.bin").write_bytes(b"\xff\xfe\x94")
    (line,) = build(texts([tmp_path]))
    code, *bits = line.split()
    behind, then = (dict(zip(KINDS, map(float, part), strict=True)) for part in (bits[:7], bits[7:]))
    assert chr(int(code, 16)) == "—"
    assert min(behind, key=behind.__getitem__) == min(then, key=then.__getitem__) == "S"


@pytest.mark.parametrize("name", READERS)
def test_a_byte_order_mark(name: str) -> None:
    """Where a text begins, and nowhere else."""
    text = f"{BOM}import os\n"
    assert fix(ROWS[name].damage(text)) == text
    inside = "x = 1\n" + ROWS[name].damage(text)
    assert fix(inside) == inside


def test_where_nothing_may_have_stood_nothing_still_may() -> None:
    """Text cut in mid-character begins with nothing, or with the end of a character."""
    lattice = Lattice([[("", 1, 0.0, False), ("天\ufeff", 1, 14.0, True)], [("b", 2, 0.0, False)], []])
    assert {text for text, *_ in begun(lattice, load()).arcs[0]} == {"", "天", BOM}
    assert [*begun(lattice, load()).texts()] == ["b", f"{BOM}b", "天b"]
