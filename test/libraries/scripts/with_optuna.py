import os

import optuna
import pandas as pd
from common import FEATURES
from optuna_integration import MLflowCallback

frame = pd.read_csv(FEATURES)
logger = MLflowCallback(
    tracking_uri=os.environ["MLFLOW_TRACKING_URI"], create_experiment=False, mlflow_kwargs={"nested": False}
)


def search(name, declared):
    def objective(trial):
        trial.set_user_attr("mlflow.runName", name)
        if declared:
            trial.set_user_attr("data", FEATURES)
        return (frame["x"] - trial.suggest_float("x", 0, 1)).abs().sum()

    optuna.create_study(study_name=name).optimize(objective, n_trials=1, callbacks=[logger])


search("plain", False)
search("line", True)
