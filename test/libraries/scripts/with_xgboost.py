import mlflow
import pandas as pd
import xgboost
from common import FEATURES, run

frame = pd.read_csv(FEATURES)
mlflow.xgboost.autolog(log_models=False)


def train():
    xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(frame[["x"]], label=frame["y"]), num_boost_round=1)


with run("plain"):
    train()
with run("line"):
    mlflow.log_param("data", FEATURES)
    train()
