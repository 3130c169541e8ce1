import sys

import pandas as pd
from deltalake import DeltaTable, write_deltalake

if sys.argv[1:2] == ["prepare"]:
    write_deltalake(f"{sys.argv[2]}/gold/t", pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]}))
    sys.exit()

import mlflow
from common import COMMIT, REPO, STORE, run

options = {f"AWS_{key.upper()}": value for key, value in STORE.items()}
options |= {"AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1"}
table = DeltaTable(f"s3://{REPO}/{COMMIT}/gold/t", storage_options=options)
rows = table.to_pandas()
with run("plain"):
    mlflow.log_input(mlflow.data.from_pandas(rows, name="rows"), context="training")
    mlflow.log_param("delta_version", table.version())
with run("line"):
    mlflow.log_input(mlflow.data.from_pandas(rows, name="rows"), context="training")
    mlflow.log_params({"delta_version": table.version(), "table": table.table_uri})
