#!/usr/bin/env bash
# MLflow cuts a long param or tag without an error: the last address of a list may become that of something else.
#
# Seen with mlflow 3.17.2 on SQLite: a run logs the addresses of 80 files, each with its data version, as one param and as
# one tag. Both calls succeed. What is stored is the first 6,000 characters of the param and the first 8,000 of the tag, cut
# in the middle of an address, so a reader who splits the list at its commas gets an address that nobody logged. Only
# with MLFLOW_TRUNCATE_LONG_VALUES=false, which is not the default, do the calls fail.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mlflow==3.17.2 mlflow-skinny==3.17.2 mlflow-tracing==3.17.2
cd "$folder"
MLFLOW_TRACKING_URI="sqlite:///$folder/mlflow.db" MLFLOW_LOGGING_LEVEL=ERROR \
  "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import hashlib
import os

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

client = MlflowClient()
experiment = client.create_experiment("training", artifact_location="file:///" + os.getcwd().lstrip("/"))
version = hashlib.sha256(b"data").hexdigest()
logged = [f"s3://data/{version}/images/part-{number:05}.parquet" for number in range(80)]
value = ",".join(logged)
run = client.create_run(experiment).info.run_id
client.log_param(run, "files", value)
client.set_tag(run, "files", value)
data = client.get_run(run).data

print("mlflow", mlflow.__version__, "- logged:", len(value), "characters,", len(logged), "addresses")
for kind, stored, limit in [("param", data.params["files"], 6_000), ("tag", data.tags["files"], 8_000)]:
    addresses = stored.split(",")
    print(f"{kind}: {len(stored)} characters, {len(addresses)} addresses, the last one: {addresses[-1]}")
    assert len(stored) == limit, "it is not cut there now"
    assert addresses[-1] not in logged, "the last address is whole"

os.environ["MLFLOW_TRUNCATE_LONG_VALUES"] = "false"
try:
    client.set_tag(client.create_run(experiment).info.run_id, "files", value)
    raise SystemExit("it is cut all the same now")
except MlflowException:
    print("with MLFLOW_TRUNCATE_LONG_VALUES=false: an error")
print("As described.")
PYTHON
# Output seen:
# mlflow 3.17.2 - logged: 8079 characters, 80 addresses
# param: 6000 characters, 60 addresses, the last one: s3://data/3a6eb0790f39ac87c94f3856b2dd2c5
# tag: 8000 characters, 80 addresses, the last one: s3://data/3a6eb0790f3
# with MLFLOW_TRUNCATE_LONG_VALUES=false: an error
# As described.
