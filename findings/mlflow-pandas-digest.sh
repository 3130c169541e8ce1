#!/usr/bin/env bash
# MLflow's digest of a pandas frame leaves out whole columns, and all values after row 10,000.
#
# Seen with mlflow 3.17.2 and pandas 3.1.1: the digest is made of the number of rows, the names of the columns, and the
# values of the first 10,000 rows in columns that hold only numbers or only strings. Columns of dates, booleans or
# lists, and columns of strings in which a single value is missing, do not count. So a table in which
# every label of the boolean target was corrected has the digest of the table before.
# MLflow stores one source for all runs of an experiment whose datasets have the same name and digest, so a run that read
# the corrected table is shown with the source of the run that read the wrong one.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mlflow-skinny==3.17.2 pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import mlflow.data
import pandas


def digest(columns):
    return mlflow.data.from_pandas(pandas.DataFrame(columns), source="s3://bucket/table.csv").digest


def counts(what, before, after):
    rows = len(before)
    other = digest({"id": range(rows), "value": before}) != digest({"id": range(rows), "value": after})
    print(f"{what:42}{'counts' if other else 'does not count'}")
    return other


def at_row(row):
    values = [0] * 12_000
    values[row] = 1
    return values


plain = [0] * 12_000
dates = pandas.date_range("2026-01-01", periods=3)
assert counts("a number in row 10,000", plain, at_row(9_999))
assert counts("a string", ["a", "b", "c"], ["a", "b", "x"])
assert not counts("a number in row 10,001", plain, at_row(10_000))
assert not counts("a boolean", [True, False, True], [False, True, False])
assert not counts("a date", dates, dates + pandas.Timedelta(days=1))
assert not counts("a list", [[1], [2], [3]], [[4], [5], [6]])
assert not counts("a string beside a missing one", ["a", "b", None], ["x", "y", None])
print("As described.")
PYTHON
# Output seen:
# a number in row 10,000                    counts
# a string                                  counts
# a number in row 10,001                    does not count
# a boolean                                 does not count
# a date                                    does not count
# a list                                    does not count
# a string beside a missing one             does not count
# As described.
