"""The training of the demo, as lakeFS's MLflow guide does it, with MLflow's own Python client.

Reads from standard input what lakefs-mlflow's demo has committed, and prints the ids of the runs as JSON. None of
it knows of lakefs-mlflow: each run only says what it reads, each in another way, and one says nothing.
"""

import io
import json
import os
import sys
import urllib.parse
import urllib.request

import mlflow
import numpy
import pandas
from mlflow import MlflowClient
from mlflow.data.delta_dataset_source import DeltaDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.exceptions import MlflowException


def read_csv(url):
    """Reads s3://<repository>/<commit>/<path> through lakeFS's S3 gateway, or its API where s3fs is missing."""
    endpoint = os.environ["LAKECTL_SERVER_ENDPOINT_URL"]
    key = os.environ["LAKECTL_CREDENTIALS_ACCESS_KEY_ID"]
    secret = os.environ["LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY"]
    try:
        options = {"key": key, "secret": secret, "client_kwargs": {"endpoint_url": endpoint}}
        return pandas.read_csv(url, storage_options=options)
    except ImportError:
        repository, ref, path = url.removeprefix("s3://").split("/", 2)
        query = urllib.parse.urlencode({"path": path})
        opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords(endpoint, key, secret)))
        address = f"{endpoint}/api/v1/repositories/{repository}/refs/{ref}/objects?{query}"
        return pandas.read_csv(io.BytesIO(opener.open(address).read()))


def passwords(endpoint, key, secret):
    manager = urllib.request.HTTPPasswordMgrWithPriorAuth()
    manager.add_password(None, endpoint, key, secret, is_authenticated=True)
    return manager


def fit(rides):
    """Fits fare = slope * distance + base, and logs what every training logs."""
    slope, base = numpy.polyfit(rides["distance_km"], rides["fare"], 1)
    errors = rides["fare"] - (slope * rides["distance_km"] + base)
    mlflow.log_params({"model": "linear", "rides": len(rides)})
    mlflow.log_metrics({"slope": slope, "base": base, "rmse": float(numpy.sqrt((errors**2).mean()))})


def main():
    # MLflow prints links to standard output, which is for the answer.
    answer, sys.stdout = sys.stdout, sys.stderr
    story = json.load(sys.stdin)
    mlflow.set_experiment(story["experiment"])
    runs = train_again(story) if "merge_commit" in story else train_first(story)
    json.dump(runs, answer)


def train_first(story):
    repository, branch = story["repository"], story["branch"]
    runs = {}

    # Says nothing about its data: nobody can tell later what it has read.
    with mlflow.start_run(run_name="no-trace") as run:
        fit(pandas.DataFrame({"distance_km": [1.0, 2.0, 4.0], "fare": [5.1, 7.2, 10.9]}))
        runs["no-trace"] = run.info.run_id

    # Logs a pandas dataset whose source names the commit.
    with mlflow.start_run(run_name="pandas-by-commit") as run:
        source = f"s3://{repository}/{story['rides_commit']}/{story['rides']}"
        rides = read_csv(source)
        mlflow.log_input(mlflow.data.from_pandas(rides, source=source, name="rides"), context="training")
        fit(rides)
        runs["pandas-by-commit"] = run.info.run_id
    register_champion(run.info)

    # Logs a Delta table of a commit, without Spark.
    with mlflow.start_run(run_name="delta-by-commit") as run:
        table = DeltaDatasetSource(path=f"s3://{repository}/{story['features_commit']}/{story['features']}")
        mlflow.log_input(MetaDataset(source=table, name="features"), context="training")
        fit(rides)
        runs["delta-by-commit"] = run.info.run_id

    # Sets the three tags of lakeFS's guide by hand, and logs no dataset.
    with mlflow.start_run(run_name="tags-only") as run:
        mlflow.set_tag("lakefs_repo", repository)
        mlflow.set_tag("lakefs_branch", branch)
        mlflow.set_tag("lakefs_commit", story["features_commit"])
        fit(rides)
        runs["tags-only"] = run.info.run_id
    return runs


def train_again(story):
    """Two runs on the same bytes, which have two names: a commit of the branch, and its merge into main."""
    runs = {}
    for name, commit in (("newer-on-branch", story["newer_commit"]), ("newer-on-main", story["merge_commit"])):
        with mlflow.start_run(run_name=name) as run:
            source = f"s3://{story['repository']}/{commit}/{story['rides']}"
            rides = read_csv(source)
            mlflow.log_input(mlflow.data.from_pandas(rides, source=source, name="rides"), context="training")
            # MLflow shows the first run's source for both, so the second also says which commit it read.
            if commit == story["merge_commit"]:
                mlflow.set_tags({"lakefs_repo": story["repository"], "lakefs_commit": commit})
            fit(rides)
            runs[name] = run.info.run_id
    return runs


def register_champion(info):
    """A version of the model "rides" under an alias, as a team would serve it."""
    client = MlflowClient()
    try:
        client.create_registered_model("rides")
    except MlflowException as error:
        # A second start finds the model of the first.
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    version = client.create_model_version("rides", f"{info.artifact_uri}/model", info.run_id)
    client.set_registered_model_alias("rides", "champion", version.version)


main()
