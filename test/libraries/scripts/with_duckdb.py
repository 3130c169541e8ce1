import duckdb
import mlflow
import s3fs
from common import FEATURES, run

duckdb.register_filesystem(s3fs.S3FileSystem())
query = f"SELECT x, y FROM read_csv('{FEATURES}')"
frame = duckdb.sql(query).df()
with run("plain"):
    mlflow.log_param("query", query)
with run("line"):
    mlflow.log_params({"query": query, "data": FEATURES})
