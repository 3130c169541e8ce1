import mlflow
import polars as pl
from common import FEATURES, STORE, run

options = {f"aws_{key}": value for key, value in STORE.items()}
frame = pl.scan_csv(FEATURES, storage_options={**options, "aws_region": "us-east-1"}).collect()
with run("plain"):
    mlflow.log_input(mlflow.data.from_polars(frame, name="rows"), context="training")
with run("line"):
    mlflow.log_input(mlflow.data.from_polars(frame, source=FEATURES, name="train"), context="training")
