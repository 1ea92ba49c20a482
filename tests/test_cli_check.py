"""`mojifix check`: every damage with its place, in the words of people, programs and code scanning."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from damaged import ANCIENT, CLEAN, MEANT, SEED, SIGNS, VOWELS, call, run
from hypothesis import given
from hypothesis import strategies as st

import mojifix
from mojifix.cli.changes import Change, changes, exact, findings
from mojifix.cli.kinds import KINDS, kind
from mojifix.cli.saying import Progress, excerpt
from mojifix.plan import Edit, Plan, Repair, Step, replay

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "中 文").mkdir()
    (tmp_path / "中 文" / "a.py").write_text(f"x = 1\ny = 2  # {ANCIENT} # y\n", encoding="utf-8", newline="")
    (tmp_path / "b.c").write_text(f"/* {VOWELS} */\r\n// {SIGNS}", encoding="utf-8", newline="")
    (tmp_path / "clean.txt").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0" + ANCIENT.encode())
    (tmp_path / "old.txt").write_bytes("旧文件".encode("gb18030"))
    return tmp_path


def test_lines(folder: Path) -> None:
    done = run("check", ".", cwd=folder)
    assert done.returncode == 1
    lines = re.sub(r"\d+ bits", "N bits", done.stdout.decode()).splitlines()
    assert lines == [
        f"b.c:1:4: 拼音码 (gbk read as latin-1), N bits: {VOWELS} → {MEANT}",
        f"b.c:2:4: 符号码 (utf-8 read as cp1252/whatwg), N bits: {excerpt(SIGNS)} → {MEANT}",
        f"中 文/a.py:2:10: 古文码 (utf-8 read as gbk/cpython), N bits: {ANCIENT} → {MEANT}",
    ]
    assert done.stderr.decode() == (
        "mojifix: 3 places in 2 files damaged; 4 files looked at, skipped: 1 binary, not UTF-8: 1\n"
    )


def test_clean(folder: Path) -> None:
    done = call("check", folder / "clean.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"mojifix: no damage; 1 file looked at\n")
    assert call("check", "-q", folder / "clean.txt").stderr == b""


def test_trouble(folder: Path) -> None:
    done = call("check", folder / "missing", folder)
    assert done.returncode == 2 and done.stdout.count(b"\n") == 3
    assert f"mojifix: {folder / 'missing'}: no such file".encode() in done.stderr


def test_standard_input_and_encoding() -> None:
    done = call("check", "-", input=SIGNS.encode())
    assert done.returncode == 1 and done.stdout.startswith(b"standard input:1:1: ")
    done = call("check", "--encoding", "gb18030", "-", input=f"好的。\n{ANCIENT}".encode("gb18030"))
    assert done.returncode == 1 and MEANT.encode() in done.stdout


@needs_git
def test_of_a_checkout_only_what_git_tracks(folder: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "b.c", "clean.txt"], cwd=folder, check=True)
    (folder / "clean.txt").unlink()
    done = call("check", cwd=folder)
    assert done.returncode == 1 and done.stderr.endswith(b"in 1 file damaged; 1 file looked at\n")


def test_jobs_and_order(folder: Path) -> None:
    assert run("check", folder, "-j", "2").stdout == run("check", folder).stdout


def test_json(folder: Path) -> None:
    document = json.loads(call("check", "--json", ".", cwd=folder).stdout)
    assert document["skipped"] == {"binary": 1}
    for found in document["findings"]:
        text = (folder / found["path"]).read_bytes().decode()
        lines = re.split("\r\n|\n", text)
        assert lines[found["line"] - 1][found["column"] - 1 : found["end_column"] - 1] == found["damaged"]
        assert found["bits"] > 10
    assert [found["kind"] for found in document["findings"]] == ["hanzi-by-byte", "utf8-by-byte", "utf8-as-hanzi"]


def test_sarif(folder: Path) -> None:
    done = run("check", "--sarif", ".", cwd=folder)
    document = json.loads(done.stdout)
    assert done.returncode == 1 and document["version"] == "2.1.0" and "sarif-2.1.0" in document["$schema"]
    [scan] = document["runs"]
    rules = [rule["id"] for rule in scan["tool"]["driver"]["rules"]]
    assert scan["columnKind"] == "unicodeCodePoints"
    for result in scan["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        [change] = result["fixes"][0]["artifactChanges"]
        assert change["artifactLocation"] == place["artifactLocation"]
        assert change["replacements"][0]["deletedRegion"] == place["region"]
        assert change["replacements"][0]["insertedContent"]["text"] in MEANT
    assert scan["results"][-1]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "%E4%B8%AD%20%E6%96%87/a.py"},
        "region": {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 10 + len(ANCIENT)},
    }
    prints = [result["partialFingerprints"]["damage/v1"] for result in scan["results"]]
    b = folder / "b.c"
    b.write_text("// a line above\n" + b.read_bytes().decode() + f"\n// {SIGNS}", encoding="utf-8", newline="")
    again = json.loads(run("check", "--sarif", "b.c", cwd=folder).stdout)["runs"][0]["results"]
    assert [r["partialFingerprints"]["damage/v1"] for r in again] == [*prints[:2], prints[1].replace(":1", ":2")]


def test_the_seed_page_says_each_line_once(folder: Path) -> None:
    places = [line.split(": ")[0] for line in call("check", SEED).stdout.decode().splitlines()]
    assert len(places) > 40 and len({*places}) == len(places)


def test_every_source_file_of_a_hook_is_a_command() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall("^  entry: (.*)$", hooks, re.MULTILINE)
    assert len(entries) == hooks.count("- id: ") == 2
    for entry in entries:
        command, *args = entry.split()
        assert command == "mojifix" and run(*args, SEED.with_suffix(".expected.txt")).returncode == 0


# What a repair changed


@st.composite
def plans(draw: Any) -> tuple[str, Plan]:
    text = source = draw(st.text("abc\n", max_size=12))
    steps = []
    for number in range(draw(st.integers(0, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        step = Step(str(number), tuple(Edit(*pair, draw(st.text("xyz", max_size=3))) for pair in pairs))
        steps.append(step)
        text = replay(text, Plan((step,)))
    return source, Plan(tuple(steps))


@given(plans())
def test_changes_say_all_that_a_plan_does(made: tuple[str, Plan]) -> None:
    source, plan = made
    repair = Repair(replay(source, plan), plan)
    for found in (changes(plan), exact(source, repair)):
        assert _applied(source, repair.text, found) == repair.text
        assert all(a.end <= b.start and a.until <= b.at for a, b in pairwise(found))
    assert all(source[c.start : c.end] != repair.text[c.at : c.until] for c in exact(source, repair))


def _applied(source: str, text: str, found: list[Change]) -> str:
    done, parts = 0, []
    for change in found:
        parts += [source[done : change.start], text[change.at : change.until]]
        done = change.end
    return "".join([*parts, source[done:]])


def test_findings_are_what_was_changed() -> None:
    source = f"def f():\n    return 1  # {ANCIENT}\n"
    [found] = findings(source, mojifix.explain(source))
    assert (found.start, source[found.start : found.end], found.after) == (25, ANCIENT, MEANT)


def test_on_a_page_of_the_kit_other_damage_keeps_its_name() -> None:
    kit = "網(wǎng)絡(luò)技術(shù)發(fā)展得很快,產(chǎn)業(yè)鏈條也很長(zhǎng)。\n"
    source = f"{kit}好\n{SIGNS}\n{kit}"
    found = [(source.count("\n", 0, at.start), at.channel) for at in findings(source, mojifix.explain(source))]
    assert found == [(0, "pinyin-kit"), (2, "utf-8 read as cp1252/whatwg"), (3, "pinyin-kit")]


def test_every_kind_has_a_name() -> None:
    from mojifix.channels.recode import RECODES

    assert {kind(row.name) for row in RECODES} | {kind("pinyin-kit"), kind("a, b"), kind("?")} == {*KINDS}


def test_progress_bar(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("mojifix.cli.saying.PATIENCE", 0.0)
    with Progress(1000, 2) as bar:
        bar.add(500, 1)
        assert "] 50 %, 500 B of 1.0 kB, 1 of 2 files, " in capsys.readouterr().err
    assert capsys.readouterr().err == "\r\x1b[K"
    with Progress(1000, quiet=True) as bar:
        bar.add(1000)
    assert capsys.readouterr().err == ""
