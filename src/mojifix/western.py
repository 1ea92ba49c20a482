"""Western text, by ftfy: UTF-8 read as Windows-1252, with the spaces and quotes that such text loses on its way.

The rows of single-byte readers undo what was read exactly. ftfy knows what happens to Western text besides: a no-break
space that became a space ("Ã " is "à"), a curly quote that became a straight one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from mojifix.channels.recode import RECODES, Recode
from mojifix.lattice import Lattice

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

#: what its readings are reported as
ROW = next(row for row in RECODES if row.name == "utf-8 read as cp1252/whatwg")


@cache
def _config() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    # Spans are found by mojifix; and bytes of GBK that happen to be UTF-8 are not to be torn out of their text.
    return TextFixerConfig(decode_inconsistent_utf8=False, fix_c1_controls=False, explain=False)


def peel(seen: str) -> Iterator[tuple[tuple[Recode, ...], Lattice]]:
    """What ftfy makes of a text, if anything, as `mojifix.channels.recode.peel` has it.

    >>> [lattice.sample() for _, lattice in peel("voilÃ  Ã©tÃ©")]
    ['voilà été']
    """
    from ftfy import fix_encoding

    fixed = fix_encoding(seen, _config())
    if fixed != seen:
        yield (ROW,), Lattice.line(fixed)
