#!/usr/bin/env bash
# Deleting runs while reading them page by page deletes only every second page.
#
# Seen with mlflow 3.17.2 on SQLite: MLflow's page token is an offset. A loop that searches 100 runs in pages of 10 and
# deletes what it finds moves the others forward, so that the next page skips ten of them. The loop ends without an error
# when 50 runs are left. The same holds for anything else that takes runs out of the filter meanwhile, such as a tag that
# marks a run as done, and for other people's deletions.
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
import base64
import os

import mlflow
from mlflow import MlflowClient

client = MlflowClient()
experiment = client.create_experiment("training", artifact_location="file:///" + os.getcwd().lstrip("/"))
for start in range(100):
    client.create_run(experiment, start_time=start)

page = client.search_runs([experiment], max_results=10)
token = base64.b64decode(page.token).decode()
while True:
    for run in page:
        client.delete_run(run.info.run_id)
    if not page.token:
        break
    page = client.search_runs([experiment], max_results=10, page_token=page.token)

left = len(client.search_runs([experiment]))
print("mlflow", mlflow.__version__)
print("the token of the first page:", token)
print("runs left when the loop has ended:", left)
assert left == 50, "another number is left now"
print("As described: half of the runs were never shown to the loop.")
PYTHON
# Output seen:
# mlflow 3.17.2
# the token of the first page: {"offset": 10}
# runs left when the loop has ended: 50
# As described: half of the runs were never shown to the loop.
