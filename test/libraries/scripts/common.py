"""What the scripts of all libraries share. `repo`, `commit` and `branch` are in the environment, as are the keys of the S3
gateway, which boto3, s3fs and pyarrow take from there."""

import os
from contextlib import contextmanager

import mlflow

REPO = os.environ["LAKEFS_REPO"]
COMMIT = os.environ["LAKEFS_COMMIT"]
FEATURES = f"s3://{REPO}/{COMMIT}/gold/train.csv"
STORE = {
    "endpoint_url": os.environ["AWS_ENDPOINT_URL"],
    "access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
    "secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
}


@contextmanager
def run(name):
    """A run with one of the two names that are looked at: `plain`, and `line` with the line that is to be added."""
    with mlflow.start_run(run_name=name) as started:
        yield started
