"""Writes runs as people's training scripts do, with MLflow's own Python client.

Reads a JSON list of steps from standard input and prints a JSON object from step name to run id.
A step: {"name", "experiment", "parent"?, "tags"?, "params"?, "inputs"?: [{"source", "name"?, "context"?, "rows"?, "kind"?,
"seed"?, "tail"?}], "model"?: a name to register a model under, "end"?: false}
"""

import json
import sys

import mlflow
import pandas as pd
from mlflow.data.delta_dataset_source import DeltaDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.data.spark_dataset_source import SparkDatasetSource


def frame(spec):
    rows = spec.get("rows", 4)
    seed = spec.get("seed", 0)
    data = pd.DataFrame({"id": range(rows), "value": [seed + n * 0.5 for n in range(rows)]})
    if "tail" in spec:
        # Beyond the rows that MLflow's digest looks at.
        data.loc[rows - 1, "value"] = spec["tail"]
    return data


def dataset(spec):
    kind = spec.get("kind", "pandas")
    name = spec.get("name")
    if kind == "delta":
        return MetaDataset(source=DeltaDatasetSource(path=spec["source"]), name=name)
    if kind == "spark":
        return MetaDataset(source=SparkDatasetSource(path=spec["source"]), name=name)
    if kind == "code":
        return mlflow.data.from_pandas(frame(spec), name=name)
    return mlflow.data.from_pandas(frame(spec), source=spec["source"], name=name)


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


def main():
    # MLflow prints links to standard output, which is for the answer.
    answer, sys.stdout = sys.stdout, sys.stderr
    runs = {}
    for step in json.load(sys.stdin):
        mlflow.set_experiment(step["experiment"])
        run = mlflow.start_run(run_name=step["name"], parent_run_id=runs.get(step.get("parent")))
        runs[step["name"]] = run.info.run_id
        for spec in step.get("inputs", []):
            mlflow.log_input(dataset(spec), context=spec.get("context", "training"))
        for key, value in step.get("tags", {}).items():
            mlflow.set_tag(key, value)
        if step.get("model"):
            mlflow.pyfunc.log_model(name="model", python_model=Echo(), registered_model_name=step["model"])
        if step.get("params"):
            mlflow.log_params(step["params"])
        if step.get("end", True):
            mlflow.end_run()
        else:
            # Leaves the run RUNNING: forget it without ending it.
            mlflow.tracking.fluent._active_run_stack.get().clear()
    json.dump(runs, answer)


main()
