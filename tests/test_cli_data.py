"""`mojifix data`: damaged values are repaired, and every other byte, type and missing value stays as it was."""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import lzma
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from damaged import ANCIENT, MEANT, SIGNS, VOWELS, call, run
from hypothesis import given
from hypothesis import strategies as st

import mojifix
from mojifix import cli
from mojifix.cli import files
from mojifix.cli.lines import JsonLines

CSV = (
    f'\ufeffid,"text",note\r\n1,{SIGNS},1.50\r\n2,"clean, ""quoted""",x\r\n\r\n3,"{ANCIENT}, ""a""\n{SIGNS}",\r\n4\r\n'
)
JSONL = (
    f'{{"id":1.50, "text":"{SIGNS}", "more":{{"text": "a"}}}}\r\n{{"text": null}}\n\n{json.dumps({"text": VOWELS})}\n5'
)


def test_csv_changes_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV.encode() + b"5,\xff\xfe,")
    done = run("data", tmp_path / "a.csv", "--column", "text", "-o", tmp_path / "b.csv")
    assert (done.returncode, done.stdout) == (0, b"")
    said = done.stderr.decode().splitlines()
    assert said[0] == f"mojifix: {tmp_path / 'a.csv'}: 6 rows, 2 values repaired"
    assert "a.csv: not UTF-8 at byte " in said[1] and len(said) == 2
    meant = CSV.replace(SIGNS, MEANT).replace(ANCIENT, MEANT)
    assert (tmp_path / "b.csv").read_bytes() == meant.encode() + b"5,\xff\xfe,"


def test_csv_account(tmp_path: Path) -> None:
    done = call("data", "--format", "csv", "-c", "text", "--account", input=CSV.encode())
    rows = [*csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"), newline=""))]
    assert [row["text_damage"] for row in rows][:2] == ["utf8-by-byte", ""]
    assert float(rows[0]["text_bits"]) > 100 and rows[1]["text_bits"] == "" and rows[0]["note"] == "1.50"
    assert set(rows[2]["text_damage"].split(",")) == {"utf8-by-byte", "utf8-as-hanzi"}


def test_tsv_delimiters_and_several_columns(tmp_path: Path) -> None:
    source = f"a\tb\n{SIGNS}\t{VOWELS}\nx,y\tz\n"
    (tmp_path / "a.tsv").write_text(source, encoding="utf-8")
    args = ["--column", "b", "--column", "a"]
    assert call("data", tmp_path / "a.tsv", *args).stdout.decode() == f"a\tb\n{MEANT}\t{MEANT}\nx,y\tz\n"
    other = source.replace("\t", ";").encode()
    done = call("data", "--format", "csv", "--delimiter", ";", *args, input=other)
    assert done.stdout.decode() == f"a;b\n{MEANT};{MEANT}\nx,y;z\n"


@given(st.lists(st.lists(st.text('ab",;\r\n é好', max_size=5), min_size=2, max_size=2), max_size=5), st.booleans())
def test_any_csv_without_damage_stays_as_it_is(rows: list[list[str]], all_quoted: bool) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL).writerows([["a", "b"], *rows])
    assert through("csv", text.getvalue().encode()) == text.getvalue().encode()


@given(st.binary(max_size=60))
def test_any_bytes_in_csv_stay_as_they_are(data: bytes) -> None:
    if b"\r" not in data and b'"' not in data and b"\0" not in data:
        assert through("csv", b"a,b\n" + data) == b"a,b\n" + data


@given(st.text('ab",;\r\n é', max_size=9), st.text('ab",;\r\n é', max_size=9))
def test_csv_beside_damage_stays_as_it_is(before: str, after: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["x", "a", "y"], [before, SIGNS, after]])
    meant = io.StringIO(newline="")
    csv.writer(meant).writerows([["x", "a", "y"], [before, MEANT, after]])
    assert through("csv", text.getvalue().encode()) == meant.getvalue().encode()


def through(form: str, data: bytes) -> bytes:
    done = call("data", "--format", form, "--column", "a", "-q", input=data)
    assert done.returncode == 0
    return done.stdout


def test_json_lines_change_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(JSONL.encode())
    done = run("data", tmp_path / "a.jsonl", "--column", "text", "-j", "2")
    assert done.returncode == 0
    expected = JSONL.replace(SIGNS, MEANT).replace(json.dumps(VOWELS), json.dumps(MEANT))
    assert done.stdout.decode() == expected


def test_json_lines_account() -> None:
    done = call("data", "--format", "jsonl", "--account", "--column", "text", input=JSONL.encode())
    first, second, _, fourth, fifth = done.stdout.decode().split("\n")
    assert json.loads(first)["text_damage"] == "utf8-by-byte" and json.loads(first)["text_bits"] > 100
    assert json.loads(second) == {"text": None, "text_damage": None, "text_bits": None} and fifth == "5"
    assert json.loads(fourth)["text"] == MEANT


def test_json_lines_of_which_one_is_broken_are_kept_and_said() -> None:
    done = call("data", "--format", "jsonl", "--column", "text", input=f"{JSONL}\n{{broken\n".encode())
    assert done.returncode == 2 and done.stdout.endswith(b"\n5\n{broken\n")
    assert b"1 line not JSON and kept: line 6 (" in done.stderr


def test_the_same_text_in_another_field_is_not_taken_for_it() -> None:
    escaped = json.dumps({"a": SIGNS}, ensure_ascii=True)[1:-1]
    data = f'{{"b": "{SIGNS}", {escaped}}}\n'.encode()
    assert json.loads(through("jsonl", data)) == {"b": SIGNS, "a": MEANT}


@given(st.dictionaries(st.sampled_from("abc"), st.text() | st.floats(allow_nan=False) | st.none()))
def test_any_json_keeps_its_values(record: dict[str, Any]) -> None:
    record = {"a": "x", **record, "z": SIGNS}
    for ascii in (True, False):
        line = json.dumps(record, ensure_ascii=ascii).encode("utf-8", "replace" if not ascii else "strict")
        made = json.loads(through("jsonl", line))
        assert {**made, "a": 0} == {**json.loads(line), "a": 0}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    clean = "備註,天氣\r\n今天天氣很好我們去公園散步,晴\r\n" * 20
    mark = "\ufeff" if encoding == "utf-16" else ""
    (tmp_path / "a.csv").write_bytes((mark + clean).encode(f"{encoding}-be" if mark else encoding))
    named = call("data", "--encoding", encoding, "-c", "備註", "a.csv", cwd=tmp_path)
    assert named.stdout == (tmp_path / "a.csv").read_bytes()
    found = call("data", "--encoding", "auto", "-c", "備註", "a.csv", cwd=tmp_path)
    assert found.stdout.decode() == clean
    assert b"a.csv: read as " + (b"utf-16-be" if mark else encoding.encode()) in found.stderr
    piped = call("data", "--format", "csv", "--encoding", "auto", "-c", "備註", input=(tmp_path / "a.csv").read_bytes())
    assert piped.stdout.decode() == clean


@pytest.mark.parametrize("newline", ["", "\n"])
def test_lines_end_where_those_of_a_file_do(monkeypatch: pytest.MonkeyPatch, newline: str) -> None:
    monkeypatch.setattr(files, "READ", 3)
    choose = random.Random(1)
    for _ in range(200):
        text = "".join(choose.choices(["a", "好", "\r", "\n", "\r\n", "\u2028", "\x0b"], k=12))
        args = argparse.Namespace(file="-", encoding=None)
        lines = JsonLines(args, io.BytesIO(text.encode()), None).lines(newline)
        assert [*lines] == [*io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline=newline)]


@pytest.mark.parametrize(("ending", "module"), [("gz", gzip), ("xz", lzma)])
def test_packed(tmp_path: Path, ending: str, module: Any) -> None:
    source, target = tmp_path / f"a.jsonl.{ending}", tmp_path / f"b.jsonl.{ending}"
    source.write_bytes(module.compress(JSONL.encode()))
    assert run("data", source, "--column", "text", "-o", target).returncode == 0
    assert MEANT in module.decompress(target.read_bytes()).decode()
    source.write_bytes(source.read_bytes()[:-9])
    cut = run("data", source, "--column", "text", "-o", tmp_path / f"c.jsonl.{ending}")
    assert cut.returncode == 2 and b"cannot be read" in cut.stderr and not (tmp_path / f"c.jsonl.{ending}").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["a.csv", "--column", "texts"], b"a.csv: has no column texts; its columns are id, text, note"),
        (
            ["a.jsonl", "--column", "texts", "-o", "b.jsonl"],
            b"a.jsonl: has no column texts; its columns are id,",
        ),
        (["a.bin", "--column", "text"], b"a.bin: of no known format; give --format csv, jsonl or parquet"),
        (["a.csv", "--column", "text", "-o", "b.jsonl"], b"b.jsonl: would be written as .csv is"),
        (["missing.csv", "--column", "text"], b"missing.csv: no such file"),
        ([".", "--column", "text"], b".: is a directory"),
        (["a.csv", "--column", "text", "--delimiter", ";;"], b"';;' is not one character"),
        (["a.parquet", "--column", "text", "-o", "b.parquet"], b"a.parquet: is not Parquet"),
    ],
)
def test_trouble(tmp_path: Path, args: list[str], said: bytes) -> None:
    if "a.parquet" in args:
        pytest.importorskip("pyarrow")
    (tmp_path / "a.csv").write_bytes(CSV.encode())
    (tmp_path / "a.jsonl").write_bytes(JSONL.encode())
    (tmp_path / "a.bin").write_bytes(b"")
    (tmp_path / "a.parquet").write_bytes(b"not at all")
    done = call("data", *args, cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and b"Traceback" not in done.stderr
    assert not (tmp_path / "b.jsonl").exists() and not (tmp_path / "b.parquet").exists()


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "a.parquet").write_bytes(b"")
    assert cli.main(["data", str(tmp_path / "a.parquet"), "-c", "text", "-o", str(tmp_path / "b.parquet")]) == 2
    assert "Parquet needs pyarrow; pip install 'mojifix[data]'" in capfd.readouterr().err


@pytest.mark.parametrize("kind", ["string", "large_string", "dictionary"])
def test_parquet(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'mojifix[data]'")
    from pyarrow import parquet

    from mojifix.cli import parquet as room

    monkeypatch.setattr(room, "ROWS", 3)
    types = {"string": pa.string(), "large_string": pa.large_string()}
    types["dictionary"] = pa.dictionary(pa.int32(), pa.string())
    texts = ["好", None, SIGNS, ANCIENT, "", "plain", None, "plain"]
    table = pa.table(
        {
            "n": pa.array(range(8), pa.int16()),
            "text": pa.array(texts, pa.string()).cast(types[kind]),
            "nested": [[{"a": n}] for n in range(8)],
        },
        metadata={"made": "by a test"},
    )
    parquet.write_table(table, tmp_path / "a.parquet", compression="zstd")
    source, target = str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")
    assert cli.main(["data", source, "--column", "text", "-o", target]) == 0
    made = parquet.read_table(target)
    assert made.schema.equals(table.schema) and made.schema.metadata[b"made"] == b"by a test"
    assert made.column("text").to_pylist() == [text and mojifix.fix(text) for text in texts]
    assert made.drop_columns("text").equals(table.drop_columns("text"))
    about = parquet.ParquetFile(target).metadata
    assert about.row_group(0).column(0).compression == "ZSTD" and about.num_row_groups == 1
    assert run("data", source, "-q", "--column", "text", "--account", "-o", source, "-j", "2").returncode == 0
    told = parquet.read_table(source)
    assert told.column("text_damage").to_pylist()[1:4] == [None, "utf8-by-byte", "utf8-as-hanzi"]
    assert told.column("text_bits").to_pylist()[2] > 100
    wrong = run("data", source, "--column", "n", "-o", target)
    assert wrong.returncode == 2 and b"has no text in column n; columns of text are text" in wrong.stderr
