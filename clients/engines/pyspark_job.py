"""Segments a corpus with Spark: articles in, a Parquet table with one row for each segment out.

    python pyspark_job.py TARGET INPUT OUTPUT
    spark-submit --master 'local[2,4]' pyspark_job.py TARGET INPUT OUTPUT

INPUT is Parquet or JSON Lines with `id` and `text`, or text files (`seeds/*.txt`), one article each. A task that
fails is done anew by Spark, and only what a task wrote to its end becomes part of OUTPUT: every article is
there once.
"""

import os
import sys

import cesura
import cesura.arrow
import pyarrow as pa
from pyspark import SparkConf
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, input_file_name
from pyspark.sql.pandas.types import from_arrow_schema

# Streams of a task. Each goes to one server; what falls to a slow one does not hold up the others.
STREAMS = 2


def read(spark: SparkSession, path: str) -> DataFrame:
    if path.endswith(".txt"):
        folder, _, pattern = path.rpartition("/")
        files = spark.read.option("pathGlobFilter", pattern).text(folder or ".", wholetext=True)
        return files.select(input_file_name().alias("id"), col("value").alias("text"))
    if path.endswith((".jsonl", ".jsonl.gz")):
        return spark.read.json(path).select("id", "text")
    return spark.read.parquet(path).select("id", "text")


def main(target: str, given: str, output: str) -> None:
    builder = SparkSession.builder.appName("cesura")
    if not SparkConf().contains("spark.master"):
        # Not by spark-submit: two tasks at a time on this machine, with four attempts; local[2] has one.
        # Workers are to find what this process finds, and nobody else is to find this one.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master("local[2,4]").config("spark.ui.enabled", "false")
    spark = builder.getOrCreate()
    articles = read(spark, given).withColumn("id", col("id").cast("string"))

    def segments(batches):
        # Here, in the worker: a connection does not travel.
        with cesura.Client(target) as client:
            yield from cesura.arrow.segment_batches(client, batches, streams=STREAMS, ordered=False)

    table = articles.mapInArrow(segments, from_arrow_schema(cesura.arrow.schema(pa.string())))
    table.write.mode("overwrite").parquet(output)
    written = spark.read.parquet(output)
    print(f"{written.select('id').distinct().count()} articles, {written.count()} rows")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
