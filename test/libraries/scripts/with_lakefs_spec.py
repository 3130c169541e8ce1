import mlflow
import pandas as pd
from common import COMMIT, REPO, STORE, run

keys = {"host": STORE["endpoint_url"], "username": STORE["access_key_id"], "password": STORE["secret_access_key"]}


def read(ref):
    address = f"lakefs://{REPO}/{ref}/gold/train.csv"
    pd.read_csv(address, storage_options=keys)
    return address


with run("plain"):
    mlflow.log_param("data", read("main"))
with run("line"):
    mlflow.log_param("data", read(COMMIT))
