#!/usr/bin/env bash
# MLflow drops version 0 of a Delta table from a dataset's source, so that the source loads the newest version.
#
# Seen with mlflow-skinny 3.17.2: `DeltaDatasetSource(path=…, delta_table_version=0)` becomes JSON without the version, as
# `to_dict` asks whether the version is truthy. `from_json` of it has no version, and its `load()` then reads whatever is
# newest. The text "0" is kept. `mlflow.data.load_delta` hands on what it is given: with Spark 3.5.7 and Delta 3.3.2
# `load_delta(path, version="0")` records "0", and a table whose newest version is 0 is recorded without one.
#
# Installs from PyPI into a temporary folder; needs no server and no Spark. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mlflow-skinny==3.17.2 pandas==3.1.1 numpy==2.4.6
cd "$folder"
venv/bin/python -W ignore - 2> log <<'PYTHON' || { cat log >&2; exit 1; }
from mlflow.data.delta_dataset_source import DeltaDatasetSource

read_back = {}
for version in (0, "0", 1):
    source = DeltaDatasetSource(path="s3a://repo/main/gold/t", delta_table_version=version)
    read_back[version] = DeltaDatasetSource.from_json(source.to_json()).delta_table_version
    print(f"{version!r:4} {source.to_json():66} read back as {read_back[version]!r}")

assert read_back[0] is None, "version 0 is kept now"
assert read_back["0"] == "0" and read_back[1] == 1, "other versions are not kept any more"
print("As described.")
PYTHON
# Output seen:
# 0    {"path": "s3a://repo/main/gold/t"}                                 read back as None
# '0'  {"path": "s3a://repo/main/gold/t", "delta_table_version": "0"}     read back as '0'
# 1    {"path": "s3a://repo/main/gold/t", "delta_table_version": 1}       read back as 1
# As described.
