import mlflow
import pandas as pd
from common import FEATURES, run

frame = pd.read_csv(FEATURES)
with run("plain"):
    mlflow.log_input(mlflow.data.from_pandas(frame, name="rows"), context="training")
with run("line"):
    mlflow.log_input(mlflow.data.from_pandas(frame, source=FEATURES, name="train"), context="training")
