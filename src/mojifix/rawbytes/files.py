"""Files of any size, line by line, in memory that does not grow with them.

A file is read twice: once to see which encodings its lines are in, and once to give them. What can be read only once,
a pipe or a socket, is decided block by block on the evidence of all blocks up to that one.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, cast

from mojifix.plan import Plan, Repair
from mojifix.rawbytes.front import BLOCK, Block, Errors
from mojifix.rawbytes.lines import Evidence
from mojifix.rawbytes.mend import Places
from mojifix.rawbytes.shift import CHUNK, wide
from mojifix.rawbytes.whole import joined, parts, whole
from mojifix.reading import ESCAPES, KEEP, Reading
from mojifix.repair import Guessing, Script

#: places of a file, evenly spread, that are looked at before it is read, and bytes at each
GLANCES, GLANCE = 16, 1 << 16
_LINE = re.compile("[^\n]*\n|[^\n]+")
#: blocks of a line that is cut
ENORMOUS = 8
#: bytes that end a word in every encoding
_WORDS = (b" ", b",", b"\t", b">", b";")


def open(
    file: str | os.PathLike[str] | BinaryIO,
    *,
    guess: Guessing = "likely",
    script: Script = "restore",
    errors: Errors = "replace",
    undo: str | Iterable[str] = (),
) -> Iterator[str]:
    """The lines of a file as `decode` gives them, with their ends, in bounded memory; `file` is a path or a stream.

    The encodings of a file are decided on all of it, and which line is in which on the lines around. Of a stream that
    cannot seek they are decided on what has come so far, so that its first block may be read otherwise than `decode`
    would read it. Damage is repaired block by block (1 MB, whole lines).

    >>> import io
    >>> list(open(io.BytesIO("今天天气很好\\n我们去公园\\n".encode("gbk"))))
    ['今天天气很好\\n', '我们去公园\\n']
    """
    stream = cast(BinaryIO, io.FileIO(file)) if isinstance(file, (str, os.PathLike)) else file
    evidence = Evidence()
    block = Block(evidence, guess, script, errors, undo)
    return _lines(stream, block, stream is not file)


def unrepaired(stream: BinaryIO, seen: Counter[str]) -> Iterator[str]:
    """The text of a stream in pieces, each line in its encoding and nothing else done to it; `seen` counts characters.

    Bytes that are in no encoding are surrogates, as `errors="surrogateescape"` has them.

    >>> seen = Counter()
    >>> [*unrepaired(io.BytesIO("今天天气很好\\n".encode("gbk")), seen)], seen
    (['今天天气很好\\n'], Counter({'gb18030': 7}))
    """
    yield from _texts(stream, _Unrepaired(seen))


class _Unrepaired(Block):
    def __init__(self, seen: Counter[str]) -> None:
        super().__init__(Evidence(), errors="surrogateescape")
        self._seen = seen

    def mended(self, text: str, places: Places) -> Repair:
        ends = [*(start for start, _ in places[1:]), len(text)]
        for (start, encoding), end in zip(places, ends, strict=True):
            self._seen[encoding] += end - start
        return Repair(text, Plan())


def _lines(stream: BinaryIO, block: Block, ours: bool) -> Iterator[str]:
    try:
        for text in _texts(stream, block):
            yield from _LINE.findall(text)
    finally:
        if ours:
            stream.close()


def _texts(stream: BinaryIO, block: Block) -> Iterator[str]:
    again = stream.seekable()
    if again:
        _glance(stream, block.evidence)
    blocks = _blocks(stream)
    data = next(blocks, b"")
    found = None if block.undo or block.seven or joined(data) else whole(data)
    blocks = chain([data], blocks)
    if not found:
        yield from _read(blocks, block, again)
    elif name := next((part.encoding for part in found.parts if wide(part.encoding)), None):
        yield from _units(blocks, found, block, name)
    else:
        yield from _decoded(blocks, found, block)


def _read(blocks: Iterable[bytes], block: Block, known: bool) -> Iterator[str]:
    for data in blocks:
        if not known:
            block.evidence.see(data)
        yield block.explain(data).text


def _glance(stream: BinaryIO, evidence: Evidence) -> None:
    """See all of a small file, and of a large one whole lines here and there."""
    start = stream.tell()
    size = stream.seek(0, os.SEEK_END) - start
    if size <= BLOCK:
        stream.seek(start)
        evidence.see(stream.read())
    else:
        for number in range(GLANCES):
            stream.seek(start + number * size // GLANCES)
            evidence.see(stream.read(GLANCE).partition(b"\n")[2])
    stream.seek(start)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes in blocks of whole lines; of an enormous line, of whole words if it has any."""
    carry = b""
    while data := stream.read(BLOCK):
        data = carry + data
        at = data.rfind(b"\n") + 1
        if not at and len(data) > ENORMOUS * BLOCK:
            at = max(data.rfind(end) + 1 for end in _WORDS) or len(data)
        carry = data[at:]
        if at:
            yield data[:at]
    if carry:
        yield carry


def _units(blocks: Iterable[bytes], reading: Reading, block: Block, name: str) -> Iterator[str]:
    """The text of blocks in UTF-16, in whole lines: where these end is seen out of step too."""
    start, end = reading.parts[0].start, "\n".encode(name)
    carry = b""
    for data in chain(blocks, [b""]):
        carry += data[start:]
        start = 0
        at = carry.rfind(end, 0, max(0, len(carry) - CHUNK))  # so that no short line is the last
        at = len(carry) if not data else at + len(end) if at >= 0 else 0
        if not at and len(carry) > ENORMOUS * BLOCK:
            at = len(carry) // 2 * 2
        raw, carry = Reading((), reading.undo).raw(carry[:at]), carry[at:]
        if raw:
            yield block.read(raw, Reading(tuple(parts(raw, 0, len(raw), name)))).text


def _decoded(blocks: Iterable[bytes], reading: Reading, block: Block) -> Iterator[str]:
    """The text of blocks that are all read in one encoding, in whole lines."""
    start, name = reading.parts[0].start, reading.parts[0].encoding
    decoder = codecs.getincrementaldecoder(name)(KEEP)
    carry = ""
    for data in blocks:
        if reading.undo:
            data = ESCAPES[reading.undo[0]](data)
        carry += decoder.decode(data[start:])
        start = 0
        at = carry.rfind("\n") + 1
        yield block.mended(carry[:at], [(0, name)]).text
        carry = carry[at:]
    yield block.mended(carry + decoder.decode(b"", True), [(0, name)]).text
