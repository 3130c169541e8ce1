#!/usr/bin/env bash
# If an earlier run logged the same frame without a source, the source that a later run gives is lost.
#
# Seen with mlflow-skinny 3.17.2, scikit-learn 1.9.1 and pandas 3.1.1: autologging logs the frame that is fitted under the
# name "dataset", with the script as its source. from_pandas uses the same name by default. MLflow
# stores one source for all runs of an experiment whose datasets have the same name and digest. So a run that logs these rows
# with their address, after one that was autologged, is shown with the script as its source and the address is nowhere.
# With a name of its own the dataset keeps its address.
#
# Installs from PyPI into a temporary folder; tracks into a SQLite file there. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
  mlflow-skinny==3.17.2 scikit-learn==1.9.1 pandas==3.1.1 numpy==2.4.6 sqlalchemy==2.1.9 alembic
cd "$folder"
venv/bin/python -W ignore - 2> log <<'PYTHON' || { cat log >&2; exit 1; }
import mlflow
import pandas
from sklearn.linear_model import LinearRegression

address = "s3://repository/main/train.csv"
mlflow.set_tracking_uri("sqlite:///mlflow.db")
frame = pandas.DataFrame({"x": [0.0, 1.0, 2.0]})

mlflow.sklearn.autolog(log_models=False, silent=True)
with mlflow.start_run():
    LinearRegression().fit(frame, [0, 1, 2])
mlflow.sklearn.autolog(disable=True)


def source_shown(name):
    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_pandas(frame, source=address, name=name))
    (shown,) = mlflow.MlflowClient().get_run(run.info.run_id).inputs.dataset_inputs
    print(f"name {name}: the source is of type {shown.dataset.source_type}")
    return shown.dataset


lost = source_shown(None)
assert (lost.name, lost.source_type) == ("dataset", "code"), "the source is kept now"
assert address not in lost.source
assert address in source_shown("train").source
print("As described.")
PYTHON
# Output seen:
# name None: the source is of type code
# name train: the source is of type s3
# As described.
