"""A Spark job: repair the text of a data set of any size.

    spark-submit spark_job.py IN OUT --column text [--column title] [--format json] [--account]

IN and OUT are folders or files of Parquet (or of JSON lines) wherever Spark can read and write. Each wanted column of
each row is repaired; missing values stay missing. With --account there is besides, for a column `text`, `text_damage`:
the channels that damaged it, and `text_bits`: their evidence against "undamaged", both null where nothing was found.
"""

from __future__ import annotations

import argparse

import pandas
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, pandas_udf
from pyspark.sql.types import FloatType, StringType, StructType

import mojifix


@pandas_udf(StringType())
def fix(texts: pandas.Series) -> pandas.Series:
    return texts.map(mojifix.fix, na_action="ignore")


@pandas_udf(StructType().add("text", StringType()).add("damage", StringType()).add("bits", FloatType()))
def explain(texts: pandas.Series) -> pandas.DataFrame:
    return pandas.DataFrame([_account(text) for text in texts], columns=["text", "damage", "bits"])


def _account(text: object) -> tuple[str | None, str | None, float | None]:
    if not isinstance(text, str):  # pandas may have NaN for what is missing
        return None, None, None
    repair = mojifix.explain(text)
    channels = ", ".join(dict.fromkeys(found.channel for found in repair.damage))
    return repair.text, channels or None, max((found.bits for found in repair.damage), default=None)


def main() -> None:
    parser = argparse.ArgumentParser(description="Repair the text of a data set.")
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--column", action="append", required=True)
    parser.add_argument("--format", default="parquet", choices=["parquet", "json"])
    parser.add_argument("--account", action="store_true")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("mojifix").getOrCreate()
    pages = spark.read.format(args.format).load(args.input)
    for name in args.column:
        if args.account:
            pages = pages.withColumn("_repair", explain(col(name)))
            for new, part in ((name, "text"), (f"{name}_damage", "damage"), (f"{name}_bits", "bits")):
                pages = pages.withColumn(new, col(f"_repair.{part}"))
            pages = pages.drop("_repair")
        else:
            pages = pages.withColumn(name, fix(col(name)))
    pages.write.format(args.format).save(args.output)
    spark.stop()


if __name__ == "__main__":
    main()
