"""What all readers that use a codec agree about: a first look, cheaper than what each of them makes of a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from mojifix.charsets.gbk import GBK
from mojifix.charsets.hanzi import HANZI
from mojifix.charsets.latin import LATIN
from mojifix.charsets.pattern import LOST
from mojifix.charsets.tables import cells, extra, twins


@cache
def _unsure(codec: str) -> re.Pattern[str]:
    """Marks, and what some of the readers have from other bytes than the codec, or it has not at all."""
    rows = [row for row in (*GBK, *HANZI, *LATIN) if row.codec == codec]
    own = {char for row in rows for text in (row.mark, *row.cells.values(), *row.swap.values()) for char in text}
    filled = {char for table in {row.holes or row.hides for row in rows} for char in extra(table).values()}
    found = {LOST, "?", *twins(codec), *own, *filled.difference(cells(codec).values())}
    rest = sorted(char for char in found if not "\ue000" <= char <= "\uf8ff")
    return re.compile(f"[\x80-\x9f\ue000-\uf8ff{re.escape(''.join(rest))}]")


def sure(text: str, codec: str) -> list[bytes]:
    r"""The runs of bytes that were read where a text is seen, without what only some readers have so.

    Raises `UnicodeEncodeError` if no reader that uses the codec shows all of it.

    >>> sure("涓€鏂\ue123好", "gbk")
    [b'\xe4\xb8', b'\xe6\x96', b'\xba\xc3']
    """
    return re.split(rb"\?+", _unsure(codec).sub("?", text).encode(codec))


_MORE = rb"[\x80-\xbf?]"
_UTF8 = re.compile(rb"(?:[\xc2-\xdf]#|[\xe0-\xef]#{1,2}|[\xf0-\xf4]#{2,3}|\?+[\x80-\xbf]{,2})+".replace(b"#", _MORE))


def utf8_in_gbk(text: str) -> Iterator[tuple[list[int], list[int]]]:
    """Where the bytes of hanzi may be UTF-8, as far as that goes: places where it begins, and where it ends.

    What stands beside it may happen to fit as well, so that there are two of each.

    >>> [*utf8_in_gbk("设置娴嬭瘯完成")]
    [([2, 3], [5, 4])]
    """
    data = _unsure("gbk").sub("?", text).encode("gbk", "replace")
    places = [*accumulate((1 if char < "\x80" else 2 for char in data.decode("gbk")), initial=0)]
    number = {at: i for i, at in enumerate(places)}
    at = 0
    while found := _UTF8.search(data, at):
        if (first := number.get(found.start())) is None:
            at = found.start() + 1
            continue
        at = found.end()
        last = bisect_left(places, at)
        if last - first > 1:
            yield [first, first + 1], [last, last - 1]
