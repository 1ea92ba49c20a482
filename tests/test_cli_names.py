"""`mojifix names`: shown first, renamed on request, taken back to the byte; nothing is ever overwritten."""

from __future__ import annotations

import io
import os
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from damaged import MEANT as SENTENCE
from damaged import SIGNS, call, run

from mojifix.charsets import POLICIES
from mojifix.cli import zips

PHOTOS = ["毕业旅行照片.jpg", "项目总结报告（最终版）.docx", "新建文件夹", "工资条.xlsx"]
UNDO = "mojifix-names-undo.jsonl"
any_bytes = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="needs names of any bytes")


def damaged(name: str) -> str:
    """As `unzip` shows a name that a Chinese Windows packed."""
    return POLICIES["cp437"].decode(name.encode("gbk"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / damaged(PHOTOS[2])).mkdir(parents=True)
    for name in (PHOTOS[0], PHOTOS[1]):
        (root / damaged(name)).write_text(name, encoding="utf-8")
    (root / damaged(PHOTOS[2]) / damaged(PHOTOS[3])).write_text("x")
    (root / "好的.txt").write_text("a")
    (root / "café.txt").write_text("b")
    return root


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


MEANT = sorted([*PHOTOS[:3], f"{PHOTOS[2]}/{PHOTOS[3]}", "好的.txt", "café.txt"])


def test_a_dry_run_by_default(folder: Path) -> None:
    before = tree(folder)
    done = call("names", "root", cwd=folder.parent)
    assert done.returncode == 1 and tree(folder) == before
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 4 and all(line.startswith(f"root{os.sep}") for line in lines)
    assert f"root{os.sep}{damaged(PHOTOS[0])} → {PHOTOS[0]} (拼音码 GBK or its like read byte by byte)" in lines
    assert done.stderr.decode() == "mojifix: 7 names looked at, 4 names damaged; add --rename to repair them\n"
    assert not (folder.parent / UNDO).exists()


def test_rename_and_undo(folder: Path) -> None:
    before = tree(folder)
    done = run("names", "--rename", "root", cwd=folder.parent)
    assert done.returncode == 0 and tree(folder) == MEANT
    assert (folder / PHOTOS[0]).read_text(encoding="utf-8") == PHOTOS[0]
    assert done.stderr.endswith(f"4 repaired, `mojifix names --undo {UNDO}` takes it back\n".encode())
    assert run("names", "root", cwd=folder.parent).returncode == 0
    undone = run("names", "--undo", UNDO, cwd=folder.parent)
    assert undone.returncode == 0 and tree(folder) == before
    assert undone.stderr == b"mojifix: 4 names as before\n"


def test_an_undo_file_is_not_overwritten(folder: Path) -> None:
    before = tree(folder)
    (folder.parent / UNDO).write_text("precious")
    done = call("names", "--rename", "root", cwd=folder.parent)
    assert done.returncode == 2 and b"exists already" in done.stderr and tree(folder) == before
    assert call("names", "--rename", "--undo-file", "other", "root", cwd=folder.parent).returncode == 0
    assert call("names", "--undo", UNDO, cwd=folder.parent).returncode == 2


def test_each_name_says_its_own_damage(folder: Path) -> None:
    (folder / SIGNS).touch()
    (folder / f"x{SIGNS}").touch()
    lines = call("names", "root", cwd=folder.parent).stdout.decode().splitlines()
    assert len(lines) == 6
    for line in lines:
        assert ("符号码" in line) == (SENTENCE in line) != ("拼音码" in line)


def test_nothing_is_overwritten(folder: Path) -> None:
    (folder / PHOTOS[0]).write_text("precious")
    done = call("names", "--rename", "root", cwd=folder.parent)
    assert done.returncode == 1 and f"→ {PHOTOS[0]} (not repaired: that name is taken)".encode() in done.stdout
    assert (folder / PHOTOS[0]).read_text() == "precious" and (folder / damaged(PHOTOS[0])).exists()
    assert (folder / PHOTOS[1]).exists()


def test_what_was_moved_since_is_left_alone(folder: Path) -> None:
    call("names", "--rename", "root", cwd=folder.parent)
    (folder / PHOTOS[0]).unlink()
    done = call("names", "--undo", UNDO, cwd=folder.parent)
    assert done.returncode == 2 and b"is not there any more" in done.stderr and b"3 names as before" in done.stderr


def test_a_name_of_which_characters_are_lost_stays(tmp_path: Path) -> None:
    name = POLICIES["gbk/cpython"].decode("王晓楠的实习报告鑫淼.txt".encode())
    (tmp_path / name).touch()
    done = call("names", "--rename", "--guess", "never", ".", cwd=tmp_path)
    assert done.returncode == 1 and b"(not repaired: characters are lost)" in done.stdout
    assert (tmp_path / name).exists() and not (tmp_path / UNDO).exists()


@any_bytes
def test_names_of_bytes(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + PHOTOS[0].encode("gb18030")
    with open(raw, "w"):
        pass
    asked = call("names", tmp_path)
    assert asked.returncode == 1 and b"not UTF-8; name its encoding with --encoding gb18030" in asked.stdout
    named = call("names", "--encoding", "gb18030", "--rename", ".", cwd=tmp_path)
    assert named.returncode == 0 and (tmp_path / PHOTOS[0]).exists()
    assert call("names", "--undo", UNDO, cwd=tmp_path).returncode == 0 and os.path.exists(raw)


# Archives


def packed(names: list[bytes], flag: int = 0, comment: bytes = b"") -> bytes:
    """A zip as Windows packs it: names in the code page of the machine, unmarked."""
    stand_ins = {f"{number:02}".ljust(len(name), "_"): name for number, name in enumerate(names)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name in stand_ins:
            archive.writestr(name, f"content of {name} " * 50)
    data = made.getvalue()
    for stand_in, written in stand_ins.items():
        data = data.replace(stand_in.encode(), written)
    return data


def shown(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_archive(tmp_path: Path) -> None:
    data = packed([f"照片/{name}".encode("gbk") for name in PHOTOS] + [b"readme.txt"], comment=b"by a test")
    path = tmp_path / "photos.zip"
    path.write_bytes(data)
    asked = run("names", "photos.zip", cwd=tmp_path)
    assert asked.returncode == 1 and asked.stdout.count(b"photos.zip: ") == 4 and path.read_bytes() == data
    done = run("names", "--rename", "photos.zip", cwd=tmp_path)
    assert (done.returncode, shown(path)) == (0, [*(f"照片/{name}" for name in PHOTOS), "readme.txt"])
    with zipfile.ZipFile(path) as archive:
        assert archive.read("readme.txt").startswith(b"content of 04") and archive.comment == b"by a test"
    assert run("names", "photos.zip", cwd=tmp_path).returncode == 0
    assert run("names", "--undo", UNDO, cwd=tmp_path).returncode == 0
    assert path.read_bytes() == data


def test_archive_with_a_damaged_name_of_its_own(tmp_path: Path) -> None:
    data = packed([name.encode("gbk") for name in PHOTOS])
    path = tmp_path / damaged("新建文件夹照片.zip")
    path.write_bytes(data)
    assert call("names", "--rename", ".", cwd=tmp_path).returncode == 0
    assert shown(tmp_path / "新建文件夹照片.zip") == PHOTOS
    assert call("names", "--undo", UNDO, cwd=tmp_path).returncode == 0
    assert path.read_bytes() == data


def test_archive_of_unmarked_utf8_and_of_a_named_encoding(tmp_path: Path) -> None:
    args: list[str]
    for encoding, args in (("utf-8", []), ("cp932", ["--encoding", "cp932"])):
        path = tmp_path / f"{encoding}.zip"
        path.write_bytes(packed([name.encode(encoding) for name in ("写真一覧表.txt", "会議資料.doc")]))
        done = call("names", "--rename", "--undo-file", encoding, *args, path.name, cwd=tmp_path)
        assert (done.returncode, shown(path)) == (0, ["写真一覧表.txt", "会議資料.doc"])


def test_an_archive_that_is_in_order_is_not_touched(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("毕业旅行.txt", "x")
    data = (tmp_path / "a.zip").read_bytes()
    done = call("names", "--rename", "a.zip", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"") and (tmp_path / "a.zip").read_bytes() == data


def test_streamed_members_and_trouble(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: int) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:  # sizes behind the data
        archive.writestr("00__________.txt", "some content")
        archive.writestr("01.txt", "more")
    name = PHOTOS[0].encode("gbk")[:-4]
    data = pipe.getvalue().replace(b"00__________", name[:12])
    (tmp_path / "a.zip").write_bytes(data)
    zips.rename(str(tmp_path / "a.zip"), {0: zips.Name("毕业旅行照片.txt".encode(), True)})
    assert shown(tmp_path / "a.zip") == ["毕业旅行照片.txt", "01.txt"]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.read("毕业旅行照片.txt") == b"some content"
    (tmp_path / "b.zip").write_bytes(b"MZ a program" + data)
    done = call("names", "b.zip", "missing", cwd=tmp_path)
    assert done.returncode == 2 and b"b.zip: is not built as usual, or follows a program" in done.stderr
    assert b"missing: no such file" in done.stderr
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0, 0, 0, 0, 0)
    (tmp_path / "empty.zip").write_bytes(end)
    assert call("names", "empty.zip", cwd=tmp_path).returncode == 0


def test_large_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 90)  # instead of 4 GB
    path = tmp_path / "a.zip"
    names = [damaged(name).encode("cp437") for name in PHOTOS]
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(str(number) * len(name), f"content of {number}" * 20)
        archive.comment = b"large"
    data = path.read_bytes()
    for number, name in enumerate(names):
        data = data.replace(str(number).encode() * len(name), name)
    path.write_bytes(data)
    assert data.count(b"PK\6\6") == data.count(b"PK\6\7") == 1 and data.count(b"\xff" * 4) > 3
    assert call("names", "--rename", "a.zip", cwd=tmp_path).returncode == 0
    assert shown(path) == PHOTOS
    with zipfile.ZipFile(path) as archive:
        assert archive.read(PHOTOS[3]) == b"content of 3" * 20 and archive.comment == b"large"
    assert call("names", "--undo", UNDO, cwd=tmp_path).returncode == 0
    assert path.read_bytes() == data


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\3\4 cut")
    done = call("names", "a.zip", cwd=tmp_path)
    assert done.returncode == 2 and b"a.zip: is not a zip archive, or is cut" in done.stderr
    assert call("names", ".", cwd=tmp_path).returncode == 0  # nobody said that it is one
    done = call("names", "--encoding", "klingon", cwd=tmp_path)
    assert done.returncode == 2 and b"there is no encoding 'klingon'" in done.stderr


@any_bytes
def test_an_encoding_that_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed([f"照片/{name}".encode("gbk") for name in PHOTOS] + [b"readme.txt"]))
    folder = os.fsencode(tmp_path / "files")
    os.mkdir(folder)
    for name in (*PHOTOS[:2], PHOTOS[3]):
        Path(os.fsdecode(folder + b"/" + name.encode("gbk"))).write_text(name, encoding="utf-8")
    asked = call("names", "files", cwd=tmp_path)
    assert asked.returncode == 1 and asked.stdout.count(b"--encoding auto") == 3
    done = call("names", "--encoding", "auto", "--rename", ".", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.count(b"not written in UTF-8") == 7
    assert shown(tmp_path / "a.zip") == [*(f"照片/{name}" for name in PHOTOS), "readme.txt"]
    assert tree(tmp_path / "files") == sorted([*PHOTOS[:2], PHOTOS[3]])
