"""The language model: `load` gives the shipped one, once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mojifix.model.ngram import Model, ModelError, State, Step
from mojifix.model.recent import Recent
from mojifix.model.step import FOREIGN

__all__ = ["Model", "ModelError", "Recent", "State", "Step", "load"]


@cache
def load() -> Model:
    """The shipped model of Chinese, read on the first call."""
    return Model(Path(__file__).with_name("zh.bin").read_bytes(), foreign=FOREIGN)
