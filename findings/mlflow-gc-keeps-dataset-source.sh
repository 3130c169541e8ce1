#!/usr/bin/env bash
# After "mlflow gc" has deleted a run for good, its dataset lives on and decides what later runs are shown to have read.
#
# Seen with mlflow 3.17.2 on SQLite: a run logs a dataset from first.csv, is deleted, and "mlflow gc" removes it for good.
# A second run logs the same frame under the same name from second.csv. MLflow shows first.csv as the source of the second
# run, an address that, as far as anybody can still see, no run of the experiment ever logged.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mlflow==3.17.2 mlflow-skinny==3.17.2 mlflow-tracing==3.17.2 pandas==3.1.1
cd "$folder"
MLFLOW_TRACKING_URI="sqlite:///$folder/mlflow.db" MLFLOW_LOGGING_LEVEL=ERROR \
  "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import os
import subprocess
import sys

import mlflow
import pandas
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

client = MlflowClient()
experiment = client.create_experiment("training", artifact_location="file:///" + os.getcwd().lstrip("/"))
frame = pandas.DataFrame({"id": [1, 2], "label": [0, 1]})


def train(source):
    with mlflow.start_run(experiment_id=experiment) as run:
        mlflow.log_input(mlflow.data.from_pandas(frame, source=source, name="train"))
    return run.info.run_id


first = train("s3://bucket/first.csv")
client.delete_run(first)
collect = [sys.executable, "-m", "mlflow", "gc", "--backend-store-uri", os.environ["MLFLOW_TRACKING_URI"]]
subprocess.run(collect, check=True, capture_output=True)
try:
    client.get_run(first)
    raise SystemExit("the first run is still there: this shows nothing")
except MlflowException:
    print("mlflow", mlflow.__version__, "- first run: deleted for good")

second = train("s3://bucket/second.csv")
shown = client.get_run(second).inputs.dataset_inputs[0].dataset.source
print("second run logged s3://bucket/second.csv, MLflow shows", shown)
assert "first.csv" in shown, "the source is the second run's own now"
print("As described: the source comes from a run that no longer exists.")
PYTHON
# Output seen:
# mlflow 3.17.2 - first run: deleted for good
# second run logged s3://bucket/second.csv, MLflow shows {"uri": "s3://bucket/first.csv"}
# As described: the source comes from a run that no longer exists.
