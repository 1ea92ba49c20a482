"""Suspicious spans, found at the speed of `re`. Text in which nothing is found here is clean, and left alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("screen.txt")

#: the pinyin kit: a bracket closed behind a tone-marked syllable
PINYIN = re.compile("[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]\\)")


@cache
def recoded() -> re.Pattern[str]:
    """A character that hardly any text has but UTF-8 read as GBK; `mojifix.build_screen` says which and why.

    >>> bool(recoded().search("锛屼綘濂")), bool(recoded().search("你好，世界"))
    (True, False)
    """
    return re.compile(f"[{TABLE.read_text(encoding='utf-8').strip()}\ue000-\ue864]")
