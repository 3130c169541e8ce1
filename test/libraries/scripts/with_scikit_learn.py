import mlflow
import pandas as pd
from common import FEATURES, run
from sklearn.linear_model import LogisticRegression

frame = pd.read_csv(FEATURES)
mlflow.sklearn.autolog(log_models=False)
with run("plain"):
    LogisticRegression().fit(frame[["x"]], frame["y"])
with run("line"):
    mlflow.log_input(mlflow.data.from_pandas(frame, source=FEATURES, name="train"), context="training")
    LogisticRegression().fit(frame[["x"]], frame["y"])
