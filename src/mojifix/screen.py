"""Suspicious spans, found at the speed of `re`. Text in which nothing is found here is clean, and left alone."""

from __future__ import annotations

import re

#: the pinyin kit: a bracket closed behind a tone-marked syllable
PINYIN = re.compile("[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]\\)")
