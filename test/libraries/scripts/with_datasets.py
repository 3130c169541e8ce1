import mlflow
from common import FEATURES, STORE, run
from datasets import load_dataset

options = {"client_kwargs": {"endpoint_url": STORE["endpoint_url"]}, "key": STORE["access_key_id"], "secret": STORE["secret_access_key"]}
rows = load_dataset("csv", data_files={"train": FEATURES}, storage_options=options, split="train")
with run("plain"):
    mlflow.log_input(mlflow.data.from_huggingface(rows, path="csv", name="rows"), context="training")
with run("line"):
    mlflow.log_input(mlflow.data.from_huggingface(rows, path="csv", name="rows"), context="training")
    mlflow.log_param("data_files", {"train": FEATURES})
