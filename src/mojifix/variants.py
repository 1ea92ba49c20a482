"""Simplified and traditional characters: the only importer of OpenCC.

Two questions, two answers. What is this *character* in the other script? One target each, whatever stands beside it:
that is what the pinyin kit did to its pages and what the language model folds. What is this *text* in the other
script? OpenCC's phrases decide (頭髮, 發現), and that is what a reader wants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

_CONFIGS = {"simplified": "t2s", "traditional": "s2t"}
_SURROGATES = re.compile("([\ud800-\udfff]+)")


@cache
def _converter(config: str) -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC(config).convert
    return convert


def convert(text: str, script: str) -> str:
    r"""Text in another script, by OpenCC with its phrases. Half surrogates, which OpenCC refuses, stay as they are.

    >>> convert("头发发现了\ud800", "traditional")
    '頭髮發現了\ud800'
    >>> convert("頭髮", "simplified")
    '头发'
    """
    if script not in _CONFIGS:
        raise ValueError(f"script must be 'simplified' or 'traditional', not {script!r}")
    run = _converter(_CONFIGS[script])
    parts = _SURROGATES.split(text)
    parts[::2] = map(run, parts[::2])
    return "".join(parts)


def _char_map(chars: Iterable[str], script: str) -> dict[str, str]:
    # One character a line: no phrase reaches over a line end. (A line end itself has no other form.)
    known = sorted(set(chars) - {"\n"})
    return dict(zip(known, convert("\n".join(known), script).split("\n"), strict=True)) if known else {}


def simplify_char_map(chars: Iterable[str]) -> dict[str, str]:
    """Each character and its simplified form by OpenCC's t2s, as if it stood alone; most are their own.

    著 has none, for it is also a traditional character that stays (著作): only the words around it can tell 著 from 着.

    >>> simplify_char_map("後著a")
    {'a': 'a', '後': '后', '著': '著'}
    """
    return _char_map(chars, "simplified")


def traditional_char_map(chars: Iterable[str]) -> dict[str, str]:
    """Each character and its traditional form by OpenCC's s2t, as if it stood alone: the first where there are several.

    >>> traditional_char_map("发国a")
    {'a': 'a', '发': '發', '国': '國'}
    """
    return _char_map(chars, "traditional")


def in_gb2312(char: str) -> bool:
    """Whether the charset of simplified Chinese has the character.

    >>> in_gb2312("著"), in_gb2312("國")
    (True, False)
    """
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
