#!/usr/bin/env bash
# A run that Optuna's MLflow callback logs starts when its trial is already over.
#
# Seen with optuna 5.0.0, optuna-integration 5.0.0 and mlflow-skinny 3.17.2: the callback is called at the end of a trial
# and only then begins the run. So the run's start says nothing about when the data was read. The tags `datetime_start` and
# `datetime_complete` contain the trial's times, but as local time without a zone: 15:20 in New York is written "15:20", not "20:20" or "15:20-05:00", and cannot be turned into an
# instant without knowing where the trial ran.
#
# Installs from PyPI into a temporary folder; tracks into a SQLite file there. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
  optuna==5.0.0 optuna-integration==5.0.0 mlflow-skinny==3.17.2 sqlalchemy==2.1.9 alembic
cd "$folder"
TZ=America/New_York venv/bin/python -W ignore - 2> log <<'PYTHON' || { cat log >&2; exit 1; }
import datetime
import time

import mlflow
import optuna
from optuna_integration import MLflowCallback

address = "sqlite:///mlflow.db"
seconds = 2
trial_ended = 0.0


def objective(trial):
    global trial_ended
    time.sleep(seconds)
    trial_ended = time.time()
    return trial.suggest_float("x", 0, 1)


study = optuna.create_study(study_name="study")
study.optimize(objective, n_trials=1, callbacks=[MLflowCallback(tracking_uri=address, metric_name="loss")])

client = mlflow.MlflowClient(address)
experiment = client.get_experiment_by_name("study")
(run,) = client.search_runs([experiment.experiment_id])
started = run.info.start_time / 1000
written = datetime.datetime.fromisoformat(run.data.tags["datetime_start"])
trial = study.trials[0]

assert started >= trial_ended, "the run starts while the trial runs now"
assert written.tzinfo is None, "the tag names its zone now"
assert written == trial.datetime_start, "the tag is another time now"
as_utc = written.replace(tzinfo=datetime.timezone.utc).timestamp()
hours = round((trial_ended - seconds - as_utc) / 3600)
assert hours in (4, 5), "the tag is in UTC now"
print("the run started after the trial had ended")
print(f"datetime_start names no zone, and differs from UTC by {hours} hours")
print("As described.")
PYTHON
# Output seen:
# the run started after the trial had ended
# datetime_start names no zone, and differs from UTC by 5 hours
# As described.
