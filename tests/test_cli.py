"""The command: every byte accounted for, every trouble one clear line, no half-written file.

The first half runs `main` with a stand-in for the repair, the second half runs the real executable.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import mojifix
from mojifix import cli
from mojifix.plan import Damage, Edit, Guess, Plan, Repair, Step, replay

SEED = Path(__file__).parents[1] / "seeds" / "000_30b5b154e1590d09.txt"
PLAIN = "第一行，没有坏。\r\n第二行\u00a0也好。\n\tx = 1\r"

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files and signals")
not_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may read and write everything")


def stand_in(text: str, *, guess: str, script: str) -> Repair:
    """Repairs one kind of damage: `好(hǎo)` is `好`, and `?` after it is a guess."""
    edits, damage, guesses = [], [], []
    start = text.find("好(hǎo)?")
    if start >= 0:
        edits = [Edit(start + 1, start + 7, "的")]
        damage = [Damage(start, start + 7, "pinyin", 41.6)]
        guesses = [Guess(start + 1, "的", 0.9996, (("地", 0.0003), ("\ufffd", 0.0001)))]
    plan = Plan((Step("pinyin", tuple(edits)),)) if edits else Plan()
    return Repair(replay(text, plan), plan, tuple(guesses), tuple(damage))


@pytest.fixture
def repair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mojifix, "explain", stand_in, raising=False)


def pipe_through(data: bytes, *args: str) -> tuple[int, bytes, str]:
    """Run `main` in this process with `data` on standard input."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mojifix, "explain", stand_in, raising=False)
        out, err = BytesIO(), BytesIO()
        streams = {
            "stdin": TextIOWrapper(BytesIO(data)),
            "stdout": TextIOWrapper(out, "ascii", newline="\n"),
            "stderr": TextIOWrapper(err, "utf-8", "backslashreplace", newline="\n"),
        }
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        status = cli.main(args)
        return status, out.getvalue(), err.getvalue().decode()


@given(st.binary() | st.text().map(str.encode))
@example("\ufeff带 BOM\r\n".encode())
@example(PLAIN.encode())
@example(b"\xed\xa0\x80\xed\xb0\x80 \xff\xfe\x00")
def test_undamaged_bytes_come_out_as_they_went_in(data: bytes) -> None:
    status, out, err = pipe_through(data)
    assert (status, out) == (0, data)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        assert err.startswith(f"mojifix: standard input: not UTF-8 at byte {error.start} (0x{data[error.start]:02x});")
        assert "--encoding gb18030" in err and err.count("\n") == 1
    else:
        assert err == ""


def test_damaged_text_is_repaired() -> None:
    assert pipe_through("很好(hǎo)?\r\n".encode()) == (0, "很好的\r\n".encode(), "")


def test_explain_gives_an_account_on_stderr() -> None:
    status, out, err = pipe_through("一行\r\n\n很好(hǎo)?\u3000完\r\n".encode(), "--explain", "-")
    assert (status, out.decode()) == (0, "一行\r\n\n很好的\u3000完\r\n")
    assert err.splitlines() == [
        "standard input:3:3: pinyin, 42 bits: (hǎo)? → 的",
        "standard input: restored at 3:3 of the result: 行␣␣␣很好[的]␣完␣␣ 99.9 % (or 地 0.0 %, \ufffd 0.0 %)",
        "standard input: damage found: pinyin 1; edits: 1; characters restored by guess: 1",
    ]


def test_explain_of_undamaged_text() -> None:
    assert pipe_through(PLAIN.encode(), "--explain") == (
        0,
        PLAIN.encode(),
        "standard input: no damage found, the text is as it was\n",
    )


def test_json_is_one_document_for_each_input(repair: None, tmp_path: Path, capfdbinary: Any) -> None:
    (tmp_path / "a").write_text("很好(hǎo)?", encoding="utf-8")
    (tmp_path / "b").write_bytes(b"\xff\n")
    assert cli.main(["--json", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    first, second = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert first["text"] == "很好的" == replay("很好(hǎo)?", Plan.from_json(json.dumps(first["plan"])))
    assert second["text"] == "\udcff\n"


def test_choices_reach_the_repair(monkeypatch: pytest.MonkeyPatch, capfdbinary: Any, tmp_path: Path) -> None:
    seen = []

    def explain(text: str, **choices: str) -> Repair:
        seen.append((text, choices))
        return Repair(text)

    monkeypatch.setattr(mojifix, "explain", explain, raising=False)
    (tmp_path / "a").write_text("a")
    cli.main([str(tmp_path / "a")])
    cli.main(["--guess", "never", "--script", "keep", str(tmp_path / "a")])
    assert seen == [("a", {"guess": "likely", "script": "restore"}), ("a", {"guess": "never", "script": "keep"})]


# Files


def test_inputs_are_joined_like_cat_and_trouble_with_one_does_not_stop_the_others(
    repair: None, tmp_path: Path, capfdbinary: Any
) -> None:
    for name in "ab":
        (tmp_path / name).write_text(f"{name} 好(hǎo)?\n", encoding="utf-8")
    names = [str(tmp_path / name) for name in ("a", "missing", "b")]
    assert cli.main([*names, str(tmp_path)]) == 2
    out, err = capfdbinary.readouterr()
    assert out.decode() == "a 好的\nb 好的\n"
    assert err.decode().splitlines() == [
        f"mojifix: {tmp_path / 'missing'}: no such file; check the name and the folder",
        f"mojifix: {tmp_path}: is a directory; name a file, or repair all in it: mojifix fix --in-place",
    ]


@posix
@not_root
def test_unreadable_file(repair: None, tmp_path: Path, capfd: Any) -> None:
    (tmp_path / "a").touch(mode=0o200)
    assert cli.main([str(tmp_path / "a")]) == 2
    assert "you may not read it" in capfd.readouterr().err


def test_output_in_place_keeps_permissions_and_leaves_nothing_behind(repair: None, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("很好(hǎo)?", encoding="utf-8")
    page.chmod(0o640)
    mode = page.stat().st_mode
    assert cli.main([str(page), "-o", str(page)]) == 0
    assert page.read_text(encoding="utf-8") == "很好的"
    assert page.stat().st_mode == mode
    assert list(tmp_path.iterdir()) == [page]


@posix
def test_new_output_has_the_usual_permissions(repair: None, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    old = os.umask(0o027)
    try:
        assert cli.main([str(tmp_path / "a"), "-o", str(tmp_path / "b")]) == 0
    finally:
        os.umask(old)
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o640


@posix
def test_output_through_a_link_keeps_the_link(repair: None, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    assert cli.main([str(tmp_path / "a"), "-o", str(tmp_path / "link")]) == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "a"


@posix
def test_output_to_a_device_does_not_replace_the_device(repair: None, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert cli.main([str(tmp_path / "a"), "-o", str(tmp_path / "pipe")]) == 0
        assert os.read(reader, 10) == b"a"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_output_is_never_half_written(
    repair: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, failing: str, error: BaseException
) -> None:
    (tmp_path / "a").write_text("new")
    (tmp_path / "b").write_text("old")

    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(os, failing, fail)
    status = cli.main([str(tmp_path / "a"), "-o", str(tmp_path / "b")])
    err = capfd.readouterr().err
    assert (status, err.count("\n")) == (130 if isinstance(error, KeyboardInterrupt) else 2, 1)
    assert "interrupted" in err or "No space left on device" in err
    assert (tmp_path / "b").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize(
    ("output", "reason"), [(".", "is a directory; give -o the name of a file"), ("no/b", "its folder does not exist")]
)
def test_unwritable_output(repair: None, tmp_path: Path, capfd: Any, output: str, reason: str) -> None:
    (tmp_path / "a").write_text("a")
    assert cli.main([str(tmp_path / "a"), "-o", str(tmp_path / output)]) == 2
    err = capfd.readouterr().err
    assert err.startswith(f"mojifix: {tmp_path / output}: {reason}") and err.count("\n") == 1


@posix
@not_root
def test_write_protected_output(repair: None, tmp_path: Path, capfd: Any) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("old")
    (tmp_path / "b").chmod(0o444)
    (tmp_path / "shut").mkdir(mode=0o555)
    assert cli.main([str(tmp_path / "a"), "-o", str(tmp_path / "b")]) == 2
    assert cli.main([str(tmp_path / "a"), "-o", str(tmp_path / "shut" / "b")]) == 2
    assert (tmp_path / "b").read_text() == "old"
    err = capfd.readouterr().err
    assert "is write-protected" in err and "may not write into its folder" in err


def test_output_takes_one_input(capfd: Any) -> None:
    assert cli.main(["a", "b", "-o", "c"]) == 2
    assert "-o takes one input, but 2 were given; run mojifix once for each file" in capfd.readouterr().err


# The real executable


def run(*args: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "mojifix", *args], capture_output=True, timeout=60, **options)


def test_help_has_examples() -> None:
    help = run("--help").stdout.decode()
    assert "examples:" in help and "mojifix --explain page.txt" in help and "Exit status" in help


def test_version() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith(b"mojifix ")


def test_clean_file_and_pipe(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(PLAIN.encode())
    done = run(tmp_path / "a", "-", input=PLAIN.encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, 2 * PLAIN.encode(), b"")


def test_seed_page_in_three_seconds() -> None:
    expected = SEED.with_suffix(".expected.txt").read_bytes()

    def seconds() -> float:
        """Of the processor, for other programs on the machine have time of their own."""
        before = os.times()
        done = run(SEED)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")
        return os.times().children_user - before.children_user

    assert any(seconds() < 3 for _ in range(5))


def test_seed_page_in_place_with_account(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(SEED.read_bytes())
    done = run(page, "-o", page, "--explain")
    assert (done.returncode, done.stdout) == (0, b"")
    assert page.read_bytes() == SEED.with_suffix(".expected.txt").read_bytes()
    account = done.stderr.decode().splitlines()
    assert account[0].startswith(f"{page}:1:")
    assert " bits: " in account[0]
    assert "damage found: " in account[-1]


def test_seed_page_as_json_replays() -> None:
    source = SEED.read_bytes().decode()
    data = json.loads(run(SEED, "--json").stdout)
    assert data["text"] == SEED.with_suffix(".expected.txt").read_bytes().decode()
    assert replay(source, Plan.from_json(json.dumps(data["plan"]))) == data["text"]
    for finding in data["damage"]:
        assert 0 <= finding["start"] < finding["end"] <= len(source)
    for guess in data["guesses"]:
        assert data["text"].startswith(guess["text"], guess["start"])


@posix
def test_ctrl_c() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mojifix"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    with process:
        process.stdin.write(b"a" * 1_000_000)  # more than a pipe holds: when this returns, the command is reading
        time.sleep(0.5)  # and now it waits for more
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr is not None and process.stdout is not None
        err = process.stderr.read()
        assert err.startswith(b"mojifix: standard input: interrupted;") and err.count(b"\n") == 1
        assert process.stdout.read() == b""


@posix
def test_broken_pipe(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "mojifix", tmp_path / "a", tmp_path / "a"], stdout=write, stderr=subprocess.PIPE
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (
        2,
        b"mojifix: standard output: its reader has gone; the rest of the text was not written\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mojifix", tmp_path / "a"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"mojifix: standard output: cannot be written (No space left on device);")
    assert done.stderr.count(b"\n") == 1
