# MLflow with the PostgreSQL driver, which the plain package does not bring.
FROM python:3.12-slim-bookworm
RUN pip install --no-cache-dir mlflow==3.17.2 psycopg2-binary==2.9.11 boto3==1.43.117
RUN useradd --create-home mlflow && mkdir -p /artifacts && chown mlflow:mlflow /artifacts
USER mlflow
WORKDIR /home/mlflow
VOLUME /artifacts
EXPOSE 5000
ENTRYPOINT ["mlflow"]
