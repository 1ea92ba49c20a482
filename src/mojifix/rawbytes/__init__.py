"""Bytes of unknown encoding: `decode`, `explain`, `open` and `name`; for the command `unrepaired`."""

from mojifix.rawbytes.files import open, unrepaired
from mojifix.rawbytes.front import NotTextError, decode, explain
from mojifix.rawbytes.names import name

__all__ = ["NotTextError", "decode", "explain", "name", "open", "unrepaired"]
