"""Western text, by ftfy: what it adds, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mojifix
from mojifix.western import ROW, peel


def made_of(seen: str) -> list[str]:
    return [lattice.sample() for _, lattice in peel(seen)]


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("voilÃ  Ã©tÃ©", "voilà été"),  # the no-break space of "à" became a space
        ("Ã©lÃ¨ve", "élève"),
        ("itâ€™s", "it’s"),
        ("GrÃ¶ÃŸe", "Größe"),
    ],
)
def test_what_it_makes_of_western_text(seen: str, meant: str) -> None:
    assert made_of(seen) == [meant]


@pytest.mark.parametrize("text", ["", "plain", "l’été à Nîmes", "你好，世界", "ÄãºÃÊÀ½ç", "｢全角，！？｣ ﬁ Å"])
def test_what_it_leaves_alone(text: str) -> None:
    """GBK read as Latin-1 too, and normal forms, and widths."""
    assert made_of(text) == []


def test_it_is_reported_as_a_row_of_the_table() -> None:
    (chain, lattice), *others = peel("Ã©tÃ©")
    assert chain == (ROW,) and not others and lattice.readable()
    assert ROW.name == "utf-8 read as cp1252/whatwg"


def test_full_width_punctuation_is_kept() -> None:
    damaged = "（注意：请使用全角标点！）".encode().decode("cp1252", "surrogateescape")
    damaged = damaged.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    assert not set("(:!)") & set(mojifix.fix(damaged))


def test_ftfy_is_loaded_on_first_use_only() -> None:
    code = "import sys, mojifix.western, mojifix; mojifix.fix('你好，世界'); print('ftfy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
