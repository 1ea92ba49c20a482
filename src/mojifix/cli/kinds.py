"""Kinds of damage as people call them, by the channel that a repair names."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """`id` is for programs; `chinese` is the name by its looks, where there is one."""

    id: str
    title: str
    chinese: str = ""

    @property
    def name(self) -> str:
        return f"{self.chinese} {self.title}".strip()


PINYIN = Kind("pinyin-kit", "page of the pinyin kit")
LAYERS = Kind("layers", "damage upon damage")
ANCIENT = Kind("utf8-as-hanzi", "UTF-8 read as GBK", "古文码")
BOXES = Kind("read-as-utf8", "another charset read as UTF-8", "口字码")
SIGNS = Kind("utf8-by-byte", "UTF-8 read byte by byte", "符号码")
VOWELS = Kind("hanzi-by-byte", "GBK or its like read byte by byte", "拼音码")
QUESTIONS = Kind("half-mended", "turned back with losses", "问句码")
CROSS = Kind("cross", "an East Asian charset read as another one")
OTHER = Kind("other", "other damage")
KINDS = (PINYIN, LAYERS, ANCIENT, BOXES, SIGNS, VOWELS, QUESTIONS, CROSS, OTHER)


def kind(channel: str) -> Kind:
    """The kind of a channel.

    >>> kind("utf-8 read as gbk/cpython").name
    '古文码 UTF-8 read as GBK'
    >>> kind("utf-8 read as cp1252/whatwg").chinese, kind("utf-8 read as gbk/go, utf-8 read as gbk/go").id
    ('符号码', 'layers')
    """
    from mojifix.charsets import POLICIES

    if channel.startswith("pinyin"):
        return PINYIN
    if ", " in channel:
        return LAYERS
    written, _, reader = channel.partition(" read as ")
    family = POLICIES[reader].family if reader in POLICIES else ""
    if family == "latin":
        return SIGNS if written == "utf-8" else VOWELS
    if family == "hanzi":
        gbk = reader.startswith(("gb", "cp936"))
        return ANCIENT if written == "utf-8" and gbk else CROSS
    return {"holes": BOXES, "stumps": QUESTIONS}.get(family, OTHER)
