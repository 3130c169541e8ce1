#!/usr/bin/env bash
# MLflow refuses lakefs:// and s3a:// as the source of a frame, but accepts s3:// for the same place.
#
# Seen with mlflow-skinny 3.17.2, pandas 3.1.1, fsspec 2026.9.0 and lakefs-spec 0.15.1: pandas reads "lakefs://…" once
# lakefs-spec is installed, but mlflow.data.from_pandas(frame, source="lakefs://…") raises, as MLflow knows its own list of
# schemes only. So a script that reads by lakefs:// or s3a:// often leaves the source out, and MLflow then names the script.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
  mlflow-skinny==3.17.2 pandas==3.1.1 numpy==2.4.6 fsspec==2026.9.0 lakefs-spec==0.15.1
cd "$folder"
venv/bin/python -W ignore - <<'PYTHON'
import fsspec
import mlflow.data
import pandas
from mlflow.exceptions import MlflowException

frame = pandas.DataFrame({"x": [1, 2]})
place = "repository/main/train.csv"


def takes(scheme):
    try:
        mlflow.data.from_pandas(frame, source=f"{scheme}://{place}")
    except MlflowException:
        print(f"{scheme}:// is refused")
        return False
    print(f"{scheme}:// is taken")
    return True


assert "lakefs" in fsspec.available_protocols(), "pandas cannot read lakefs:// any more"
assert takes("s3")
assert not takes("s3a")
assert not takes("lakefs")
left_out = mlflow.data.from_pandas(frame).to_dict()
print(f"without a source MLflow writes one of type {left_out['source_type']}")
assert left_out["source_type"] == "code"
print("As described.")
PYTHON
# Output seen:
# s3:// is taken
# s3a:// is refused
# lakefs:// is refused
# without a source MLflow writes one of type code
# As described.
