#!/usr/bin/env bash
# MLflow records where a Hugging Face dataset came from only as far as the caller repeats it.
#
# Seen with mlflow-skinny 3.17.2 and datasets 5.2.0: of a dataset made by load_dataset("csv", data_files=ADDRESS),
# mlflow.data.from_huggingface(dataset) records the training script as the source, and with path="csv", as it was loaded,
# a dataset "csv" of the Hub with `data_files` null. The address gets into the run only if the caller passes `data_files` a
# second time; MLflow cannot look it up, as the dataset does not keep it either (`info.download_checksums` is None). A dataset
# that was filtered gets the same source as the whole file.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
  mlflow-skinny==3.17.2 datasets==5.2.0 pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1
cd "$folder"
printf 'id,label\n1,0\n2,1\n3,0\n' > train.csv
HF_HOME="$folder" HF_HUB_OFFLINE=1 venv/bin/python -W ignore - 2> log <<'PYTHON' || { cat log >&2; exit 1; }
import datasets
import mlflow.data

datasets.disable_progress_bars()
loaded = datasets.load_dataset("csv", data_files="train.csv", split="train")
assert not loaded.info.download_checksums, "the dataset knows its file now"


def source(dataset, **how):
    return mlflow.data.from_huggingface(dataset, **how).source


plain = source(loaded)
as_loaded = source(loaded, path="csv")
repeated = source(loaded, path="csv", data_files="train.csv")
filtered = source(loaded.filter(lambda row: row["id"] == 1), path="csv", data_files="train.csv")

for how, found in {
    "from_huggingface(dataset)": plain,
    'with path="csv"': as_loaded,
    'with path="csv" and data_files': repeated,
    "the same, one row of three": filtered,
}.items():
    files = found.to_dict().get("data_files")
    print(f"{how:34}{type(found).__name__:28}data_files {files}")

assert type(plain).__name__ == "CodeDatasetSource", "the source is another one now"
assert as_loaded.to_dict()["data_files"] is None, "the file is found out now"
assert repeated.to_dict()["data_files"] == filtered.to_dict()["data_files"] == "train.csv"
print("As described.")
PYTHON
# Output seen:
# from_huggingface(dataset)         CodeDatasetSource           data_files None
# with path="csv"                   HuggingFaceDatasetSource    data_files None
# with path="csv" and data_files    HuggingFaceDatasetSource    data_files train.csv
# the same, one row of three        HuggingFaceDatasetSource    data_files train.csv
# As described.
