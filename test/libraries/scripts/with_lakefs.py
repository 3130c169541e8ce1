import os

import lakefs
import mlflow
import pandas as pd
from common import REPO, STORE, run
from lakefs.client import Client

client = Client(host=STORE["endpoint_url"], username=STORE["access_key_id"], password=STORE["secret_access_key"])
branch = lakefs.Repository(REPO, client=client).branch("main")
commit = branch.head.get_commit()
with branch.object("gold/train.csv").reader(mode="r") as file:
    pd.read_csv(file)
with run("plain"):
    mlflow.log_param("data", f"lakefs://{REPO}/main/gold/train.csv")
with run("line"):
    mlflow.log_param("data", f"lakefs://{REPO}/main/gold/train.csv")
    mlflow.set_tags({"lakefs_repo": REPO, "lakefs_commit": commit.id})
