"""What all readers that use a codec agree about: a first look, cheaper than what each of them makes of a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, chain

from mojifix.charsets.gbk import GBK
from mojifix.charsets.hanzi import HANZI
from mojifix.charsets.latin import LATIN
from mojifix.charsets.pattern import LOST
from mojifix.charsets.tables import twins

_SINGLE = {row.codec for row in LATIN}


@cache
def _unsure(codec: str) -> re.Pattern[str]:
    """Marks, and characters that some of the readers have from other bytes."""
    swapped = (row.swap.values() for row in (*GBK, *HANZI, *LATIN) if row.codec == codec)
    chars = {LOST, "?", *map(chr, range(0x80, 0xA0)), *twins(codec), *chain.from_iterable(swapped)}
    return re.compile(f"[{re.escape(''.join(sorted(chars)))}]")


def sure(text: str, codec: str) -> list[bytes]:
    r"""The runs of bytes that were read where a text is seen, without what only some readers have so.

    Raises `UnicodeEncodeError` if a codec of single bytes does not have all of it.

    >>> sure("涓€鏂\ue123好", "gbk")
    [b'\xe4\xb8', b'\xe6\x96', b'\xba\xc3']
    """
    errors = "strict" if codec in _SINGLE else "replace"
    return re.split(rb"\?+", _unsure(codec).sub("?", text).encode(codec, errors))


_MORE = rb"[\x80-\xbf?]"
_UTF8 = re.compile(rb"(?:[\xc2-\xdf]#|[\xe0-\xef]#{1,2}|[\xf0-\xf4]#{2,3}|\?+[\x80-\xbf]{,2})+".replace(b"#", _MORE))


def utf8_in_gbk(text: str) -> Iterator[tuple[list[int], list[int]]]:
    """Where the bytes of hanzi may be UTF-8, as far as that goes: places where it begins, and where it ends.

    What stands beside it may happen to fit as well, so that there are two of each.

    >>> [*utf8_in_gbk("设置娴嬭瘯完成")]
    [([2, 3], [5, 4])]
    """
    plain = _unsure("gbk").sub("?", text)
    forms = [char.encode("gbk", "replace") for char in plain]
    places = [*accumulate(map(len, forms), initial=0)]
    data, number = b"".join(forms), {at: i for i, at in enumerate(places)}
    at = 0
    while found := _UTF8.search(data, at):
        if (first := number.get(found.start())) is None:
            at = found.start() + 1
            continue
        at = found.end()
        last = bisect_left(places, at)
        if last - first > 1:
            yield [first, first + 1], [last, last - 1]
