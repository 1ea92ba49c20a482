"""Scale: documents a second on one process, on several, and in Spark; and from that, what a terabyte costs.

    MOJIFIX_DATA=FOLDER python benchmarks/scale.py [--pages N] [--processes 1 2] [--no-spark] [--write]

A synthetic crawl: pages of some 1,500 characters put together from unseen paragraphs, 2 % of them damaged whole, each
by one of the commonest accidents. Each page is repaired once in each way, after the model is loaded everywhere. What
counts is the time of processors, summed over all processes, Spark's own among them: what else the machine does (the
load) makes that a little longer, and the time that passes much. Spark runs in local mode and repairs a column of a data
frame that is in memory, through Arrow and `pandas_udf` as in docs/pipelines.md; it needs pyspark, pandas, pyarrow and
Java, and is left out where one is missing. A page that is damaged costs a hundred times a clean one: another share of
damage costs accordingly, and so does another share of traditional text.
"""

import argparse
import importlib.util
import os
import random
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from common import data, paragraphs, percent, publish, table

import mojifix
from mojifix.channels.kit_damage import damage as kit
from mojifix.channels.kit_damage import random_codes
from mojifix.charsets import POLICIES

#: what a crawl of Chinese pages is made of, by weight
TEXT = {"zh_hans_web": 55, "zh_hans_tech": 20, "chat_informal": 10, "zh_hant": 5, "european_latin": 8, "japanese": 2}
DAMAGED = 0.02
LENGTH = 1500
#: by what pages are damaged: the share of each
ACCIDENTS = {
    "gbk/cpython": 30, "cp936/icu": 15, "cp936/windows": 20, "latin-1": 10, "cp1252/whatwg": 15, "the pinyin kit": 10,
}  # fmt: skip
#: dollars for an hour of one core, about what clouds ask for when they may take the machine back
CORE_HOUR = 0.02


def damage(how: str, text: str) -> str:
    if how == "the pinyin kit":
        simplified = text.encode("gbk", "ignore").decode("gbk")
        return kit(simplified, random_codes(random.Random(1), 0.3))
    return POLICIES[how].decode(text.encode("gbk", "replace") if how == "latin-1" else text.encode())


def crawl(pages: int) -> Iterator[tuple[str, str]]:
    """Pages, and what kind each is: a file of clean text, or "damaged"."""
    choose = random.Random(1)
    pool = {name: paragraphs(name, 400, 500) for name in TEXT}
    for _ in range(pages):
        name = choose.choices([*TEXT], [*TEXT.values()])[0]
        page = "\n".join(choose.choices(pool[name], k=LENGTH // 500))
        if choose.random() < DAMAGED:
            how = choose.choices([*ACCIDENTS], [*ACCIDENTS.values()])[0]
            yield damage(how, page), "damaged"
        else:
            yield page, name


def seconds_of(text: str) -> float:
    begun = time.process_time()
    mojifix.fix(text)
    return time.process_time() - begun


class Spent(NamedTuple):
    """Seconds that passed, and those that processors worked."""

    wall: float
    work: float


def timed(action: Callable[[], object]) -> Spent:
    wall, work = time.perf_counter(), worked()
    action()
    return Spent(time.perf_counter() - wall, worked() - work)


def worked() -> float:
    """Processor seconds of this process and of those below it, running or ended."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended just now
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            number = int(stat.parent.name)
            parents[number], spent[number] = int(fields[1]), sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    below = {os.getpid()}
    while more := {number for number, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(spent[number] for number in below)


def spark(texts: list[str], processes: int) -> Spent | None:
    missing = [name for name in ("pyspark", "pandas", "pyarrow") if importlib.util.find_spec(name) is None]
    if missing or shutil.which("java") is None:
        print(f"no Spark: {', '.join(missing) or 'java'} is missing", file=sys.stderr)
        return None
    import pandas
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import pandas_udf
    from pyspark.sql.types import StringType

    @pandas_udf(StringType())
    def fix(texts: pandas.Series) -> pandas.Series:
        return texts.map(mojifix.fix, na_action="ignore")

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master(f"local[{processes}]").appName("scale")
    session = session.config("spark.ui.enabled", "false").config("spark.driver.memory", "2g")
    session = session.config("spark.sql.execution.arrow.maxRecordsPerBatch", "500").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    pages = session.createDataFrame(pandas.DataFrame({"text": texts})).repartition(4 * processes).cache()
    pages.count()
    made = pages.withColumn("text", fix("text"))
    made.limit(50 * processes).write.format("noop").mode("overwrite").save()  # starts and warms the workers
    seconds = timed(lambda: made.write.format("noop").mode("overwrite").save())
    session.stop()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=4000)
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--no-spark", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the result into RESULTS.md")
    args = parser.parse_args()
    data()
    load = os.getloadavg()[0]
    made = [*crawl(args.pages)]
    texts = [text for text, _ in made]
    size = sum(len(text.encode()) for text in texts)
    mojifix.fix("浣犲ソ锛屼笘鐣屻€")
    spent: defaultdict[str, float] = defaultdict(float)
    begun = time.perf_counter()
    for text, kind in made:
        spent[kind] += seconds_of(text)
    total = sum(spent.values())
    rows = [row("`fix`, one process", len(texts), size, time.perf_counter() - begun, total)]
    for processes in args.processes:
        if processes > 1:
            many = timed(lambda: [*mojifix.fix_many(texts, workers=processes)])  # noqa: B023
            rows.append(row(f"`fix_many`, {processes} processes", len(texts), size, *many))
        if not args.no_spark and (found := spark(texts, processes)):
            rows.append(row(f"Spark, local[{processes}]", len(texts), size, *found))
    pages = defaultdict(int)
    for _, kind in made:
        pages[kind] += 1
    kinds = [
        (kind, percent(pages[kind], len(made)), percent(seconds, total), f"{1000 * seconds / pages[kind]:.2f}")
        for kind, seconds in sorted(spent.items(), key=lambda item: -item[1])
    ]
    head = (
        "",
        "pages a core-second",
        "MB a core-second",
        "core-hours a TB",
        f"dollars a TB at {CORE_HOUR}",
        "pages passed a second",
    )
    publish(
        "Scale",
        f"{len(texts):,} pages of a synthetic crawl, {size / len(texts) / 1000:.1f} kB of UTF-8 each, "
        f"{percent(pages['damaged'], len(made))} % of them damaged whole; a machine of {os.cpu_count()} cores, "
        "each page once. The time is that of processors, summed over all processes; pages that passed a second say "
        f"more of the other work on the machine (load {load:.1f}).\n\n"
        + table(head, rows)
        + "\nWhere the time of one process goes:\n\n"
        + table(("pages", "% of pages", "% of time", "ms a page"), kinds),
    )


def row(name: str, pages: int, size: int, wall: float, work: float) -> tuple[str, ...]:
    hours = 1e12 / size * work / 3600
    speed = f"{pages / work:,.0f}", f"{size / work / 1e6:.2f}"
    return name, *speed, f"{hours:,.0f}", f"{hours * CORE_HOUR:,.1f}", f"{pages / wall:,.0f}"


if __name__ == "__main__":
    main()
