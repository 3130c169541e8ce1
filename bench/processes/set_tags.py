"""Tags runs as lakeFS's guide does: one call of the Python client per tag, one run after the other.

Reads {"runs": [run ids], "tags": {key: value}} from standard input, prints the seconds that the loop took.
"""

import json
import sys
import time

from mlflow import MlflowClient

work = json.load(sys.stdin)
client = MlflowClient()
# The first call opens the connection and reads the settings.
client.get_run(work["runs"][0])

start = time.perf_counter()
for run in work["runs"]:
    for key, value in work["tags"].items():
        client.set_tag(run, key, value)
print(json.dumps({"seconds": time.perf_counter() - start}))
