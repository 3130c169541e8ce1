#!/usr/bin/env bash
# A Spark frame of a Delta table follows the table: evaluated again after an append it holds more rows. MLflow records
# nothing of that: `from_spark` notes a version for paths on a local disk and DBFS only. The frame of `load_delta` stays.
#
# Seen with pyspark 3.5.7, delta-spark 3.3.2 and mlflow-skinny 3.17.2: `spark.read.format("delta").load(path)` counts 10 rows,
# and 20 after an append, without being loaded again. `from_spark(frame, path=…)` records the path without a version where
# the path is an address (file:, s3a:), and the version that is newest at that moment where it is a plain local path.
# `load_delta(path=…)` looks up the newest version first and reads that one (`versionAsOf`), so that its frame still counts
# as before, and the version that it records is the one that was read.
#
# Installs from PyPI into a temporary folder, and Delta's jars from Maven Central by Spark's own means; needs Java 8, 11
# or 17, no server, and about 500 MB. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
  mlflow-skinny==3.17.2 pyspark==3.5.7 delta-spark==3.3.2 pandas==2.3.3 numpy==2.3.4 setuptools==80.9.0
cd "$folder"
venv/bin/python -W ignore - 2> log <<'PYTHON' || { cat log >&2; exit 1; }
import os

import mlflow.data
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.jars.packages", "io.delta:delta-spark_2.12:3.3.2")
    .config("spark.jars.ivy", os.path.abspath("ivy"))
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .getOrCreate()
)
local = os.path.abspath("table")
address = f"file://{local}"


def append():
    spark.range(10).write.format("delta").mode("append").save(address)


def recorded(dataset):
    return dataset.source.to_dict().get("delta_table_version")


append()
append()
plain = spark.read.format("delta").load(address)
loaded = mlflow.data.load_delta(path=address)
before = plain.count(), loaded.df.count()
append()
after = plain.count(), loaded.df.count()
by_address = recorded(mlflow.data.from_spark(plain, path=address))
by_path = recorded(mlflow.data.from_spark(plain, path=local))
print(f"spark.read   {before[0]} rows, after an append {after[0]}")
print(f"load_delta   {before[1]} rows, after an append {after[1]}, recorded as version {recorded(loaded)}")
print(f"from_spark   of the former: version {by_address} by its address, {by_path} by its local path")

assert after[0] == before[0] + 10, "a frame keeps to its version now"
assert after[1] == before[1] and recorded(loaded) == 1, "load_delta reads or records another version now"
assert by_address is None and by_path == 2, "from_spark records another version now"
print("As described.")
PYTHON
# Output seen:
# spark.read   20 rows, after an append 30
# load_delta   20 rows, after an append 20, recorded as version 1
# from_spark   of the former: version None by its address, 2 by its local path
# As described.
