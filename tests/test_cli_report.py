"""`mojifix report`: one page that holds both texts whole, runs no code, and fits a phone."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from damaged import ANCIENT, CLEAN, MEANT, SEED, SIGNS, run

import mojifix
from mojifix.cli.reporting import report
from mojifix.plan import Guess, Repair

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Cells(HTMLParser):
    """The rows of a report, as text; and all that it says when pointed at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.marked: list[tuple[str, str]] = []
        self.said: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag not in ("meta", "br"):
            self._open.append((tag, known.get("class") or ""))
        if (known.get("class") or "").split()[:1] == ["row"]:
            self.rows.append([])
        elif self._inside("row") and tag == "div":
            self.rows[-1].append("")
        if said := known.get("data-say"):
            self.said.append(said)

    def _inside(self, name: str) -> bool:
        return any(name in classes.split() for _, classes in self._open)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._inside("row") and self.rows[-1]:
            self.rows[-1][-1] += data
            if self._open[-1][0] in ("del", "ins"):
                self.marked.append((self._open[-1][0], data))


def page_of(source: str) -> str:
    return report("a.txt", source, mojifix.explain(source))


def test_both_texts_stand_side_by_side() -> None:
    source = f"a\n{ANCIENT}\n\n好 <b>&amp;\n{SIGNS} \x07"
    page = Cells(page_of(source))
    signs = "".join(char if char.isprintable() else f"{ord(char):04X}" for char in SIGNS)
    assert page.rows == [
        ["a", "a"],
        [ANCIENT, MEANT],
        ["", ""],
        ["好 <b>&amp;", "好 <b>&amp;"],
        [signs + " 0007", MEANT + " 0007"],
    ]
    assert page.marked[0][0] == "del" and page.marked[0][1] in ANCIENT
    assert any(said.startswith("古文码 UTF-8 read as GBK (utf-8 read as gbk/cpython), ") for said in page.said)
    assert any(re.fullmatch(r". \d+\.\d %( \(or .* %\))?", said) for said in page.said)


def test_the_seed_page_is_whole() -> None:
    source = SEED.read_bytes().decode()
    page = Cells(page_of(source))
    meant = SEED.with_suffix(".expected.txt").read_bytes().decode()
    shown = [row[1] for row in page.rows if row[1].strip()]
    lines = [line.rstrip("\r") for line in meant.split("\n")]
    assert len(shown) > 40 and all(line in lines for line in shown)


def test_colours_follow_probability() -> None:
    probabilities = (0.995, 0.95, 0.6, 0.2)
    guesses = tuple(Guess(at, "字", p, (("子", 0.1),)) for at, p in enumerate(probabilities))
    page = report("a", "字字字字\ufffd", Repair("字字字字\ufffd", guesses=guesses))
    assert re.findall('class="g ([a-z]+)" data-say="字 ([0-9.]+) % ', page) == []  # nothing was damaged: no rows
    source = f"{ANCIENT}\n"
    repair = mojifix.explain(source)
    made = Repair(repair.text, repair.plan, guesses, repair.damage)
    page = report("a", source, made)
    found = re.findall('class="g ([a-z]+)" data-say="字 ([0-9.]+) % ', page)
    assert found == [("sure", "99.5"), ("likely", "95.0"), ("doubt", "60.0"), ("weak", "20.0")]
    assert page.index("20.0 %</td>") < page.index("60.0 %</td>") and "95.0 %</td>" not in page


def test_clean_text() -> None:
    page = page_of(CLEAN)
    assert "No damage found" in page and Cells(page).rows == []


def test_a_script_is_shown_and_not_run() -> None:
    page = report("<i>.txt", source := f"<script>alert(1)</script>{ANCIENT}\n", mojifix.explain(source))
    assert "<script" not in page and "&lt;script&gt;" in page and "<i>" not in page
    assert "default-src 'none'" in page and "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize("way", ["file", "pipe"])
def test_through_the_executable(tmp_path: Path, way: str) -> None:
    out = tmp_path / "page.html"
    if way == "file":
        done = run("report", SEED, "-o", out)
        page = out.read_text(encoding="utf-8")
    else:
        done = run("report", input=SEED.read_bytes() + b"\n\xff\n")
        page = done.stdout.decode()
    assert done.returncode == 0 and "page of the pinyin kit" in page and "水穷云起" in "".join(Cells(page).rows[2])


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("width", [500, 1200])
def test_in_a_browser_nothing_is_wider_than_the_window(tmp_path: Path, width: int) -> None:
    source = SEED.read_bytes().decode() + f"\n{SIGNS * 5}\nhttps://example.org/{'a' * 300}?{ANCIENT}\n"
    page = re.sub("<meta http-equiv[^>]*>", "", page_of(source))
    code = "document.body.dataset.width = document.documentElement.scrollWidth <= innerWidth ? 'fits' : 'wide'"
    (tmp_path / "page.html").write_text(page.replace("</body>", f"<script>{code}</script></body>"), encoding="utf-8")
    args: list[Any] = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900"]
    done = subprocess.run([*args, "--dump-dom", tmp_path / "page.html"], capture_output=True, timeout=120, check=True)
    assert b'<body data-width="fits">' in done.stdout
