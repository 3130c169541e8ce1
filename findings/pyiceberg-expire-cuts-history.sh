#!/usr/bin/env bash
# pyiceberg's expire_snapshots removes no file, and the remaining snapshots lose their parents.
#
# Seen with pyiceberg 0.12.0 (SQL catalog on SQLite): after four writes and the expiry of all snapshots but the newest,
# the table's folder holds one file more than before (the new metadata): data that no snapshot uses any more stays. And the
# newest snapshot, which named its parent, has none: nothing in the table says any more what it was made from, or that a
# snapshot in between only replaced files. So once the snapshots between two states of a table have expired,
# its metadata cannot tell a compaction from new rows.
#
# Installs from PyPI into a temporary folder; needs no server. Exits with 1 if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet "pyiceberg[sql-sqlite,pyarrow]==0.12.0" pyarrow==26.0.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PYTHON'
import os
import sys

import pyarrow
from pyiceberg.catalog.sql import SqlCatalog

folder = sys.argv[1]
catalog = SqlCatalog("c", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}/warehouse")
catalog.create_namespace("gold")
table = catalog.create_table("gold.orders", schema=pyarrow.schema([("id", pyarrow.int64())]))
for number in (1, 2, 3):
    table.append(pyarrow.table({"id": [number]}))
table.overwrite(pyarrow.table({"id": [9]}))


def files():
    return sum(len(names) for _, _, names in os.walk(f"{folder}/warehouse"))


def newest():
    return catalog.load_table("gold.orders").current_snapshot()


before, parent = files(), newest().parent_snapshot_id
ids = [snapshot.snapshot_id for snapshot in table.metadata.snapshots]
table.maintenance.expire_snapshots().by_ids(ids[:-1]).commit()
print(f"snapshots {len(ids)} -> {len(catalog.load_table('gold.orders').metadata.snapshots)}")
print(f"files     {before} -> {files()}")
print(f"parent of the newest: {'known' if parent else 'none'} -> {'known' if newest().parent_snapshot_id else 'none'}")
assert files() == before + 1, "files are removed now"
assert parent is not None and newest().parent_snapshot_id is None, "the parent stays now"
print("As described: no file went, and the newest snapshot has no parent.")
PYTHON
# Output seen:
# snapshots 5 -> 1
# files     19 -> 20
# parent of the newest: known -> none
# As described: no file went, and the newest snapshot has no parent.
