import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { realServers } from '../support/servers/real-servers.js';

const { mlflow } = realServers();
const run = promisify(execFile);

describe('Python clients work on the sandbox lakeFS as on a real one', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });

  afterAll(() => sandbox.close());

  /** Runs a script whose last printed line is JSON. */
  async function python(script: string): Promise<unknown> {
    const { stdout } = await run(mlflow.python, ['-c', prelude + script], {
      env: {
        ...process.env,
        ENDPOINT: sandbox.endpoint,
        KEY: sandbox.accessKeyId,
        SECRET: sandbox.secretAccessKey,
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
        AWS_DEFAULT_REGION: 'us-east-1',
      },
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  }

  it('the lakefs package creates, uploads, commits, branches, merges, reverts and reads', async () => {
    expect(
      await python(`
repo = lakefs.Repository("guide", client=client).create(storage_namespace="local://guide", exist_ok=True)
main = repo.branch("main")
main.object("gold/train.csv").upload("id,label\\n1,cat\\n", content_type="text/csv", metadata={"k": "v"})
first = main.commit("add training set", metadata={"pipeline": "labels"})
exp = repo.branch("exp-1").create("main", exist_ok=True)
exp.object("gold/train.csv").upload("id,label\\n1,dog\\n")
exp.commit("relabel")
with exp.transact(commit_message="in a transaction") as tx:
    tx.object("gold/more.csv").upload("x")
changes = [(c.path, c.type) for c in main.diff(exp)]
merged = exp.merge_into(main)
after = main.object("gold/train.csv").reader(mode="r").read()
before = repo.ref(first.id).object("gold/train.csv").reader(mode="r").read()
tag = repo.tag("v1").create(first.id)
main.revert("main", parent_number=1)
print(json.dumps({
  "changes": changes, "after": after, "before": before,
  "merged": main.get_commit().parents[0] == merged,
  "reverted": main.object("gold/train.csv").reader(mode="r").read() == before,
  "tag": tag.get_commit().id == first.id,
  "metadata": first.get_commit().metadata,
  "stat": repo.ref("v1").object("gold/train.csv").stat().metadata,
  "missing": main.object("nope").exists(),
  "log": [c.message for c in main.log()],
  "tree": [o.path for o in repo.ref("exp-1").objects(prefix="gold/")],
}))
`),
    ).toEqual({
      changes: [
        ['gold/more.csv', 'added'],
        ['gold/train.csv', 'changed'],
      ],
      after: 'id,label\n1,dog\n',
      before: 'id,label\n1,cat\n',
      merged: true,
      reverted: true,
      tag: true,
      metadata: { pipeline: 'labels' },
      stat: { k: 'v' },
      missing: false,
      log: [
        'Revert main',
        "Merge 'exp-1' into 'main'",
        expect.stringContaining('Merge transaction'),
        'in a transaction',
        'relabel',
        'add training set',
        'Repository created',
      ],
      tree: ['gold/more.csv', 'gold/train.csv'],
    });
  });

  it('pandas, s3fs and boto3 write to a branch and read it back by commit', async () => {
    expect(
      await python(`
repo = lakefs.Repository("frames", client=client).create(storage_namespace="local://frames")
pd.DataFrame({"a": [1, 2, 3]}).to_csv("s3://frames/main/gold/df.csv", index=False)
boto = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
boto.put_object(Bucket="frames", Key="main/gold/x y+é.txt", Body=b"hello", Metadata={"who": "me"})
boto.put_object(Bucket="frames", Key="main/gold/stream.bin", Body=io.BytesIO(b"0" * 100000))
boto.upload_fileobj(io.BytesIO(b"1" * 9_000_000), "frames", "main/gold/large.bin")
commit = repo.branch("main").commit("frames").id
boto.delete_object(Bucket="frames", Key="main/gold/df.csv")
boto.delete_objects(Bucket="frames", Delete={"Objects": [{"Key": "main/gold/stream.bin"}]})
fs = s3fs.S3FileSystem()
url = boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "path"})).generate_presigned_url(
  "get_object", Params={"Bucket": "frames", "Key": f"{commit}/gold/df.csv"})
pages = boto.get_paginator("list_objects_v2").paginate(Bucket="frames", Prefix=f"{commit}/", PaginationConfig={"PageSize": 2})
got = boto.get_object(Bucket="frames", Key=f"{commit}/gold/x y+é.txt")
def missing():
  try:
    pd.read_csv("s3://frames/main/gold/df.csv")
  except FileNotFoundError:
    return True
print(json.dumps({
  "sum": int(pd.read_csv(f"s3://frames/{commit}/gold/df.csv").a.sum()),
  "missing": missing(),
  "text": got["Body"].read().decode(), "who": got["Metadata"],
  "size": boto.head_object(Bucket="frames", Key=f"{commit}/gold/large.bin")["ContentLength"],
  "listed": [o["Key"].split("/", 1)[1] for page in pages for o in page["Contents"]],
  "left": sorted(path.split("/", 2)[2] for path in fs.ls("frames/main/gold", refresh=True)),
  "presigned": urllib.request.urlopen(url).read().decode(),
}))
`),
    ).toEqual({
      sum: 6,
      missing: true,
      text: 'hello',
      who: { Who: 'me' },
      size: 9_000_000,
      listed: ['gold/df.csv', 'gold/large.bin', 'gold/stream.bin', 'gold/x y+é.txt'],
      left: ['gold/large.bin', 'gold/x y+é.txt'],
      presigned: 'a\n1\n2\n3\n',
    });
  });
});

const prelude = `
import io, json, os, urllib.request
import boto3, lakefs, pandas as pd, s3fs
from botocore.config import Config
from lakefs.client import Client
client = Client(host=os.environ["ENDPOINT"], username=os.environ["KEY"], password=os.environ["SECRET"])
`;
