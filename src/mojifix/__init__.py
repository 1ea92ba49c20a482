"""Gives Chinese text back what encoding accidents took from it.

>>> import mojifix
>>> mojifix.fix("網(wǎng)絡(luò)技術(shù)發(fā)展得很快,產(chǎn)業(yè)鏈條也很長(zhǎng)。")
'网络技术发展得很快,产业链条也很长。'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mojifix.many import fix_many
    from mojifix.plan import Damage, Edit, Guess, Plan, Repair, Step, replay
    from mojifix.rawbytes import NotTextError, decode, explain, name, open
    from mojifix.repair import fix

__all__ = [
    "Damage", "Edit", "Guess", "NotTextError", "Plan", "Repair", "Step",
    "decode", "explain", "fix", "fix_many", "name", "open", "replay",
]  # fmt: skip

_ROOMS = {"fix": "repair", "fix_many": "many"}
_ROOMS |= dict.fromkeys(("NotTextError", "decode", "explain", "name", "open"), "rawbytes")


def __getattr__(name: str) -> object:
    """Rooms are entered on first use, so that importing the package costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'mojifix' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"mojifix.{_ROOMS.get(name, 'plan')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
