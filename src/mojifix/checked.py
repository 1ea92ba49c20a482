"""Data from JSON, taken apart with a reason where it is not what it should be."""

from __future__ import annotations

from typing import Any


def field(data: object, key: str, kind: type, where: str) -> Any:
    if not isinstance(data, dict):
        raise ValueError(f"not a plan: {where} is {short(data)}, but should be an object with {key!r}")
    if type(data.get(key)) is not kind:
        raise ValueError(f"not a plan: {key!r} of {where} should be {_KINDS[kind]}, but is {short(data.get(key))}")
    return data[key]


def items(data: object, key: str, where: str) -> enumerate[object]:
    return enumerate(field(data, key, list, where), 1)


_KINDS = {int: "a whole number", str: "a string", list: "a list"}


def short(data: object) -> str:
    text = ascii(data)
    return text if len(text) <= 40 else text[:37] + "..."
