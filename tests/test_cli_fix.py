"""`mojifix fix` on files in their place: whole or as they were, with all that belongs to them."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from damaged import ANCIENT, CLEAN, MEANT, SEED, SIGNS, VOWELS, call, run

from mojifix import cli
from mojifix.cli import files, fixing
from mojifix.cli.files import Encoder, read

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files and signals")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_bytes(f"x = 1  # {ANCIENT}\r\ny = 2\r\n".encode())
    (tmp_path / "clean.txt").write_bytes(CLEAN.encode() + b"\xff\xfe stray bytes")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + ANCIENT.encode())
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "page.txt").write_bytes(SEED.read_bytes())
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_in_place(folder: Path) -> None:
    old = contents(folder)
    (folder / "a.py").chmod(0o750)
    os.utime(folder / "a.py", ns=(10**18, 10**18 + 1))
    before = (folder / "clean.txt").stat().st_ino
    done = run("fix", "--in-place", folder)
    assert (done.returncode, done.stdout) == (0, b"")
    assert contents(folder) == old | {
        "a.py": f"x = 1  # {MEANT}\r\ny = 2\r\n".encode(),
        "deep/page.txt": SEED.with_suffix(".expected.txt").read_bytes(),
    }
    about = (folder / "a.py").stat()
    assert (about.st_mode & 0o777, about.st_mtime_ns) == (0o750, 10**18 + 1)
    assert (folder / "clean.txt").stat().st_ino == before  # and not replaced
    said = done.stderr.decode().splitlines()
    assert said[0].startswith(f"mojifix: {folder / 'a.py'}: damage found: utf-8 read as ")
    assert f"{folder / 'clean.txt'}: not UTF-8 at byte" in said[1]
    assert said[-1] == "mojifix: 3 files looked at, skipped: 1 binary; repaired: 2"
    assert run("fix", "--in-place", folder).stderr.endswith(b"repaired: 0\n")


def test_backup_keeps_the_damaged_file_and_never_an_older_one(folder: Path) -> None:
    old = contents(folder)
    assert call("fix", "-i", "--backup", ".orig", folder / "a.py", "-q").returncode == 0
    assert contents(folder)["a.py.orig"] == old["a.py"] != contents(folder)["a.py"]
    (folder / "a.py").write_bytes(old["a.py"])
    done = call("fix", "-i", "--backup", ".orig", folder / "a.py")
    assert done.returncode == 2 and b"a.py.orig: exists already, and" in done.stderr
    assert contents(folder)["a.py"] == old["a.py"]


@needs_git
def test_diff_is_a_patch(folder: Path) -> None:
    old = contents(folder)
    done = run("fix", "--diff", ".", cwd=folder)
    assert done.returncode == 0 and contents(folder) == old
    assert done.stderr.endswith(b"skipped: 1 binary; to be repaired: 2\n")
    patch = done.stdout.decode().replace("\r\n", "\n").splitlines()
    assert patch[:6] == [
        "--- a/a.py",
        "+++ b/a.py",
        "@@ -1,2 +1,2 @@",
        f"-x = 1  # {ANCIENT}",
        f"+x = 1  # {MEANT}",
        " y = 2",
    ]
    subprocess.run(["git", "apply"], input=done.stdout, cwd=folder, check=True)
    patched = contents(folder)
    for name, data in old.items():
        (folder / name).write_bytes(data)
    run("fix", "--in-place", ".", cwd=folder)
    assert contents(folder) == patched != old


def test_diff_of_a_last_line_without_an_end_and_of_standard_input() -> None:
    done = run("fix", "--diff", "-", input=SIGNS.encode())
    assert done.stdout.decode() == (
        "--- a/standard input\n+++ b/standard input\n@@ -1 +1 @@\n"
        f"-{SIGNS}\n\\ No newline at end of file\n+{MEANT}\n\\ No newline at end of file\n"
    )


@needs_git
def test_of_a_checkout_only_what_git_tracks(folder: Path) -> None:
    old = contents(folder)
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "a.py", "picture.png"], check=True)
    done = call("fix", "--in-place", folder)
    assert done.stderr.endswith(b"1 file looked at, skipped: 1 binary; repaired: 1\n")
    assert [name for name, data in old.items() if contents(folder)[name] != data] == ["a.py"]
    assert call("fix", "--in-place", folder / "deep").stderr.endswith(b"0 files looked at; repaired: 0\n")
    assert call("fix", "--in-place", folder / "deep" / "page.txt").stderr.endswith(b"repaired: 1\n")


def test_jobs(folder: Path) -> None:
    for number in range(8):
        (folder / f"{number}.txt").write_text(VOWELS if number % 2 else CLEAN, encoding="utf-8")
    done = run("fix", "-i", "-j", "2", folder)
    assert done.stderr.endswith(b"11 files looked at, skipped: 1 binary; repaired: 6\n")
    assert all((folder / f"{n}.txt").read_text(encoding="utf-8") == (MEANT if n % 2 else CLEAN) for n in range(8))


def test_left_out(folder: Path) -> None:
    (folder / "large.txt").write_bytes(ANCIENT.encode() * 100)
    done = call("fix", "-i", "--exclude", "*.py", "--exclude", f"{folder}/deep/*", "--max-size", "0.001", folder)
    assert done.stderr.splitlines()[-1] == (
        b"mojifix: 1 file looked at, skipped: 1 of more than 0.001 MiB, 1 binary; repaired: 0"
    )
    assert call("fix", "-i", "--max-size", "0.001", folder / "large.txt").stderr.endswith(
        b"repaired: 1\n"
    )  # it is named


def test_trouble_with_one_file_does_not_stop_the_others(folder: Path) -> None:
    done = call("fix", "-i", folder / "missing", folder / "a.py")
    assert done.returncode == 2
    assert f"mojifix: {folder / 'missing'}: no such file".encode() in done.stderr
    assert MEANT.encode() in (folder / "a.py").read_bytes()


@posix
def test_links_in_a_folder_are_left_alone_and_a_named_link_is_kept(folder: Path) -> None:
    outside = folder.parent / f"{folder.name}-outside.txt"
    outside.write_text(ANCIENT, encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    call("fix", "-i", folder)
    assert outside.read_text(encoding="utf-8") == ANCIENT
    call("fix", "-i", folder / "link.txt")
    assert outside.read_text(encoding="utf-8") == MEANT and (folder / "link.txt").is_symlink()


def test_encodings(folder: Path) -> None:
    (folder / "old.txt").write_bytes(f"标题\r\n{ANCIENT}\r\n".encode("gb18030"))
    done = call("fix", "--encoding", "gb18030", "--output-encoding", "utf-8", "--newline", "lf", folder / "old.txt")
    assert done.stderr == b"" and done.stdout.decode().startswith("标题\n请") and "\r" not in done.stdout.decode()
    same = call("fix", "--encoding", "gb18030", folder / "old.txt")
    assert same.stdout.decode("gb18030").startswith("标题\r\n请")
    (folder / "wide.txt").write_text(f"{SIGNS}\n", encoding="utf-16")
    done = call("fix", "-i", "-q", "--encoding", "utf-16", folder / "wide.txt", folder / "clean.txt")
    assert done.returncode == 2 and b"clean.txt: is not utf-16" in done.stderr
    (folder / "gbk.txt").write_bytes("标题\r\n今天天气很好，我们去公园散步。\r\n".encode("gbk"))
    found = call("fix", "--encoding", "auto", "--newline", "lf", folder / "gbk.txt")
    assert found.stdout.decode() == "标题\n今天天气很好，我们去公园散步。\n" and b"read as gb18030" in found.stderr
    (folder / "plain.txt").write_text(f"\ufeff{CLEAN}", encoding="utf-8")
    before = (folder / "plain.txt").stat().st_ino
    call("fix", "-i", "-q", "--encoding", "auto", folder / "gbk.txt", folder / "plain.txt")
    assert (folder / "gbk.txt").read_bytes().decode() == "标题\r\n今天天气很好，我们去公园散步。\r\n"
    assert (folder / "plain.txt").stat().st_ino == before
    lacking = call("fix", "--output-encoding", "latin-1", input=SIGNS.encode())
    assert lacking.returncode == 2 and b"standard input: latin-1 has no" in lacking.stderr and lacking.stdout == b""
    marked = call("fix", "--output-encoding", "gbk", input=f"\ufeff{ANCIENT}".encode())
    assert marked.stdout.decode("gbk") == MEANT
    (folder / "lacking.txt").write_text(SIGNS, encoding="utf-8")
    kept = call("fix", "-i", "--output-encoding", "latin-1", folder / "lacking.txt")
    assert kept.returncode == 2 and kept.stderr.endswith(b"0 files looked at; repaired: 0\n")
    assert (folder / "lacking.txt").read_text(encoding="utf-8") == SIGNS
    unknown = call("fix", "--encoding", "klingon", input=b"a")
    assert unknown.returncode == 2 and b"there is no encoding 'klingon'" in unknown.stderr


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-32-be"])
def test_a_mark_and_its_byte_order_are_kept(tmp_path: Path, encoding: str) -> None:
    damaged, meant = (f"\ufeff{line}\r\n好".encode(encoding) for line in (ANCIENT, MEANT))
    named = encoding[:6]
    assert call("fix", "--encoding", named, input=damaged).stdout == meant
    assert call("fix", "--encoding", named, input=meant).stdout == meant
    (tmp_path / "a").write_bytes(damaged)
    assert call("check", "--encoding", named, tmp_path).returncode == 1
    if named == "utf-16":
        assert call("check", "--encoding", "auto", tmp_path).returncode == 1
    assert call("fix", "-i", "--encoding", named, tmp_path).stderr.endswith(b"1 file looked at; repaired: 1\n")
    assert (tmp_path / "a").read_bytes() == meant
    other = call("fix", "--encoding", "utf-8-sig", "--output-encoding", "utf-16", input=f"\ufeff{ANCIENT}".encode())
    assert other.stdout == MEANT.encode("utf-16")


@pytest.mark.parametrize("args", [["--in-place"], ["--in-place", "-"]])
def test_standard_input_has_no_place(args: list[str]) -> None:
    done = call("fix", *args, input=b"")
    assert done.returncode == 2 and b"standard input: has no place" in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--backup", ".x"], b"add --in-place"),
        (["-i", "--json"], b"leave out"),
        (["--diff", "-i"], b"not allowed with"),
    ],
)
def test_what_does_not_go_together(args: list[str], said: bytes) -> None:
    done = call("fix", *args, "a.txt")
    assert done.returncode == 2 and said in done.stderr


def test_diff_in_colour() -> None:
    lines = [*fixing.diff("a", "x\ny\n", "x\nz\n", True)]
    assert lines[3:] == [" x\n", "\x1b[31m-y\x1b[0m\n", "\x1b[32m+z\x1b[0m\n"]


def test_command_and_file_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "check").write_text(ANCIENT, encoding="utf-8")
    assert run("./check", cwd=tmp_path).stdout.decode() == MEANT
    assert run("fix", "check", cwd=tmp_path).stdout.decode() == MEANT


# Large files


def test_blocks_are_whole_lines_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "READ", 7)
    monkeypatch.setattr(files, "BLOCK", 40)
    choose = random.Random(1)
    for _ in range(50):
        data = b"".join(choose.choices([b"\n", b"\r\n", "汉字".encode(), b"abc ", b"\xff", b"\xe6\xb1"], k=60))
        for encoding in (None, "utf-8", "gb18030"):
            blocks = [*read(BytesIO(data), "-", encoding, [])]
            encode = Encoder("-", encoding, "keep")
            assert b"".join(map(encode, blocks)) == data
            assert all(block.endswith("\n") or len(block) >= 160 for block in blocks[:-1])


def test_a_large_file_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr(files, "READ", 1000)
    monkeypatch.setattr(files, "BLOCK", 1000)
    page = tmp_path / "a"
    page.write_text(f"{CLEAN * 20}{ANCIENT}\n{CLEAN * 20}{ANCIENT}", encoding="utf-8")
    for way in (["-j", "2"], ["-o", str(tmp_path / "b")], ["--in-place", "-q"]):
        assert cli.main(["fix", str(page), *way]) == 0
    meant = f"{CLEAN * 20}{MEANT}\n{CLEAN * 20}{MEANT}"
    assert capfd.readouterr().out == (tmp_path / "b").read_text(encoding="utf-8") == meant
    assert page.read_text(encoding="utf-8") == meant


@posix
@pytest.mark.parametrize(("jobs", "how"), [("1", signal.SIGINT), ("2", signal.SIGINT), ("2", signal.SIGTERM)])
def test_ctrl_c_leaves_every_file_whole(tmp_path: Path, jobs: str, how: int) -> None:
    names = [tmp_path / f"{number:02}.txt" for number in range(60)]
    for name in names:
        name.write_text(f"{ANCIENT}\n" * 400, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "mojifix", "fix", "-i", "-j", jobs, tmp_path],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    with process:
        assert process.stderr
        assert b"damage found" in process.stderr.readline()
        os.killpg(process.pid, how)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 130
    assert said.endswith("mojifix: interrupted; every file is as it was or repaired, none is half written\n")
    assert "Traceback" not in said
    texts = {name.read_text(encoding="utf-8") for name in names}
    assert texts == {f"{ANCIENT}\n" * 400, f"{MEANT}\n" * 400}
    time.sleep(0.2)
    assert sorted(tmp_path.iterdir()) == names


@posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_in_the_middle_of_a_file_leaves_nothing_behind(tmp_path: Path, how: int) -> None:
    out = tmp_path / "out.txt"
    out.write_text("as it was", encoding="utf-8")
    command: list[str | Path] = [sys.executable, "-m", "mojifix", "-o", out]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdin and process.stderr
        process.stdin.write(b"a line\n" * files.BLOCK)  # seven blocks
        process.stdin.flush()
        while not [*tmp_path.glob(".mojifix-*.tmp")]:
            time.sleep(0.01)
        os.killpg(process.pid, how)
        assert b"interrupted" in process.stderr.read() and process.wait(timeout=60) == 130
    assert [*tmp_path.iterdir()] == [out] and out.read_text(encoding="utf-8") == "as it was"
