#!/usr/bin/env bash
# MLflow's digest of a polars frame says less than that of a pandas frame: it is a sum of row hashes.
#
# Seen with mlflow 3.17.2 and polars 2.1.0 (pandas 3.1.1 beside them): two polars frames whose rows stand in another
# order, or whose columns have other names, have the same digest. The same frames in pandas have three different ones.
# MLflow stores one source for all runs of an experiment whose datasets have the same name and digest, so a run that read
# a renamed or re-sorted table is shown with the source of the first run.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mlflow-skinny==3.17.2 polars==2.1.0 pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import mlflow.data
import pandas
import polars


def digests(library, read):
    frames = {
        "as written": {"id": [1, 2, 3], "label": [10, 20, 30]},
        "other column names": {"key": [1, 2, 3], "target": [10, 20, 30]},
        "other row order": {"id": [3, 1, 2], "label": [30, 10, 20]},
        "one value changed": {"id": [1, 2, 3], "label": [10, 20, 31]},
    }
    found = {
        what: read(library.DataFrame(columns), source="s3://bucket/table.csv").digest
        for what, columns in frames.items()
    }
    for what, digest in found.items():
        print(f"{library.__name__} {library.__version__}  {what:20}{digest}")
    return found


in_polars = digests(polars, mlflow.data.from_polars)
in_pandas = digests(pandas, mlflow.data.from_pandas)

written = in_polars["as written"]
assert written == in_polars["other column names"], "polars: column names count now"
assert written == in_polars["other row order"], "polars: row order counts now"
assert written != in_polars["one value changed"], "polars: values no longer count"
assert len(set(in_pandas.values())) == 4, "pandas: not every change counts"
print("As described: in polars neither column names nor row order count, in pandas both do.")
PYTHON
# Output seen:
# polars 2.1.0  as written          1997917482144972935
# polars 2.1.0  other column names  1997917482144972935
# polars 2.1.0  other row order     1997917482144972935
# polars 2.1.0  one value changed   (another number)
# pandas 3.1.1                      (four different digests)
# As described: in polars neither column names nor row order count, in pandas both do.
