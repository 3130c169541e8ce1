#!/usr/bin/env bash
# In a Delta table's log `dataChange` is true for writes that leave every row as it was.
#
# Seen with deltalake 1.6.6: a MERGE that finds its rows and sets them to the values that they have, an overwrite with the
# table's own rows, and a RESTORE to the version before a compaction all write new versions whose files have
# `dataChange: true`. Only the compaction (OPTIMIZE) says false. So "false" proves that no row changed, and "true" proves
# nothing: a run's data may be called outdated though the table holds the same rows.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet deltalake==1.6.6 pyarrow==26.0.1
"$folder/venv/bin/python" -W ignore - "$folder/table" <<'PYTHON'
import json
import sys

import pyarrow
from deltalake import DeltaTable, write_deltalake

path = sys.argv[1]


def rows():
    return sorted(DeltaTable(path).to_pyarrow_table().to_pylist(), key=lambda row: row["id"])


def look(what):
    version = DeltaTable(path).version()
    with open(f"{path}/_delta_log/{version:020}.json") as log:
        actions = [json.loads(line) for line in log]
    said = {one[kind]["dataChange"] for one in actions for kind in ("add", "remove") if kind in one}
    print(f"version {version}  {what:28}dataChange {sorted(said)}  rows as before: {rows() == first}")
    return said, rows() == first


write_deltalake(path, pyarrow.table({"id": [1, 2]}))
write_deltalake(path, pyarrow.table({"id": [3]}), mode="append")
first = rows()
DeltaTable(path).optimize.compact()
compacted = look("OPTIMIZE")
DeltaTable(path).restore(1)
restored = look("RESTORE to before it")
same = pyarrow.table({"id": [1, 2]})
DeltaTable(path).merge(same, "t.id = s.id", source_alias="s", target_alias="t").when_matched_update_all().execute()
merged = look("MERGE of equal rows")
write_deltalake(path, DeltaTable(path).to_pyarrow_table(), mode="overwrite")
overwritten = look("overwrite with its own rows")

assert compacted == ({False}, True), "OPTIMIZE changes data now"
assert restored == merged == overwritten == ({True}, True), "equal rows are no change now"
print("As described: false proves that no row changed, and true proves nothing.")
PYTHON
# Output seen:
# version 2  OPTIMIZE                    dataChange [False]  rows as before: True
# version 3  RESTORE to before it        dataChange [True]  rows as before: True
# version 4  MERGE of equal rows         dataChange [True]  rows as before: True
# version 5  overwrite with its own rows dataChange [True]  rows as before: True
# As described: false proves that no row changed, and true proves nothing.
