"""Real bytes: the files that the source distributions of two detectors carry for their own tests."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import mojifix

#: folders of chardet's tests
FOLDERS = {
    "GB2312": "gb18030", "Big5": "big5hkscs", "EUC-TW": "euc-tw", "KOI8-R": "koi8-r", "utf-8": "utf-8",
    "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be", "EUC-JP": "euc_jp", "SHIFT_JIS": "cp932", "EUC-KR": "cp949",
    "iso-2022-jp": "iso2022_jp_2", "iso-2022-kr": "iso2022_kr", "windows-1251-russian": "cp1251",
}  # fmt: skip


def downloaded(archive: str, folder: Path) -> Path:
    """A source distribution, taken apart; without network the test is skipped."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", archive]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run([*command, "-d", str(folder)], capture_output=True, timeout=100)
    for file in folder.glob("*.tar.gz"):
        with tarfile.open(file) as files:
            files.extractall(folder, filter="data")
        return folder / file.name.removesuffix(".tar.gz")
    pytest.skip(f"{archive} cannot be downloaded: no network")


@pytest.fixture(scope="module")
def chardet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return downloaded("chardet==5.2.0", tmp_path_factory.mktemp("chardet")) / "tests"


@pytest.mark.parametrize("name", FOLDERS)
def test_files_of_chardet(name: str, chardet: Path) -> None:
    files = sorted((chardet / name).iterdir())
    assert files
    for file in files:
        assert (mojifix.explain(file.read_bytes()).encoding or "").split(", ")[0] == FOLDERS[name], file.name


def test_files_of_charset_normalizer(tmp_path: Path) -> None:
    folder = downloaded("charset-normalizer==3.3.2", tmp_path)
    table = (folder / "tests" / "test_full_detection.py").read_text(encoding="utf-8")
    files = re.findall(r"'(sample-[^']+)', '([^']+)'", table)
    assert ("sample-chinese.txt", "big5") in files
    for name, encoding in files:
        data = (folder / "data" / name).read_bytes()
        # U+FEFF goes wherever it stands.
        assert mojifix.decode(data) == data.decode(encoding).replace("\ufeff", ""), name
