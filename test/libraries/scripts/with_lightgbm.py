import lightgbm
import mlflow
import pandas as pd
from common import COMMIT, FEATURES, REPO, run

frame = pd.read_csv(FEATURES)
mlflow.lightgbm.autolog(log_models=False)


def train():
    rows = lightgbm.Dataset(frame[["x"]], label=frame["y"])
    lightgbm.train({"objective": "binary", "verbose": -1}, rows, num_boost_round=1)


with run("plain"):
    train()
with run("line"):
    mlflow.set_tags({"lakefs_repo": REPO, "lakefs_commit": COMMIT})
    train()
