import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Started, start, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { program } from '../support/service/service.js';

const { python } = realServers().mlflow;
const path = (process.env.PATH ?? '').split(delimiter);
const withoutLakefs = path.filter((folder) => !existsSync(join(folder, 'lakefs')));
const kinds = [
  { kind: 'the sandbox', path: withoutLakefs },
  ...(path.length > withoutLakefs.length ? [{ kind: 'the lakeFS on the PATH', path }] : []),
];

/** What MLflow's own client says of a commit, given by its first digits: runs, and what candidates load. */
const lookUp = `
import json, os, sys, mlflow
def find(condition):
    return mlflow.search_runs(search_all_experiments=True, filter_string=f"tags.lakefs_commit {condition}", output_format="list")
commit = find(f"LIKE '{sys.argv[1]}%'")[0].data.tags["lakefs_commit"]
runs = find(f"= '{commit}'")
loaded = {}
for run in runs:
    for entry in run.inputs.dataset_inputs:
        if {"mlflow.data.context": "candidate"} == {tag.key: tag.value for tag in entry.tags}:
            folder = mlflow.data.get_source(entry).load()
            loaded[entry.dataset.name] = sorted(
                os.path.relpath(os.path.join(at, file), folder) for at, _, files in os.walk(folder) for file in files)
print(json.dumps({"runs": sorted(run.info.run_name for run in runs), "loaded": loaded}))
`;

describe.each(kinds)('the demo on $kind', ({ path }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-demo-'));
  let demo: Started | undefined;

  function startDemo(...args: string[]): { started: Started; code: Promise<number | string> } {
    demo = start(process.execPath, [program, 'demo', '--dir', folder, ...args], {
      PATH: path.join(delimiter),
      LAKEFS_MLFLOW_DEMO_PYTHON: python,
      LAKECTL_SERVER_ENDPOINT_URL: '',
    });
    const { child } = demo;
    const code = new Promise<number | string>((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    return { started: demo, code };
  }

  afterEach(() => demo?.stop());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('shows every commit, every candidate and every tagged run, and ends with 0', async () => {
    const { started, code } = startDemo('--exit');
    expect(await code, started.output()).toBe(0);
    expect(rowsOf(started.output())).toEqual([
      ['commit', 'message', 'candidates', 'runs that read it'],
      [id('main'), 'Add the lakefs-mlflow action', 'none: no data', '-'],
      [id('main'), 'Add the training set', 'gold/train_v2/', 'pandas-by-commit exact'],
      [id('experiment-1'), 'Add features', 'gold/features/', 'delta-by-commit exact tags-only declared'],
      [id('experiment-1'), 'Add newer rides', 'gold/train_v2/', 'newer-on-branch exact'],
      [id('main'), 'Merge experiment-1', 'gold/features/ gold/train_v2/', 'newer-on-main declared'],
    ]);
    expect(started.output()).toContain(
      'Not linked: run no-trace, because the run does not say what it read.',
    );
    const widest = Math.max(
      ...started
        .output()
        .split('\n')
        .filter((line) => /^[│┌├└[]/.test(line))
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(80);
  }, 240_000);

  test('a second start keeps running: MLflow finds the runs of a commit, and candidates load through the S3 gateway', async () => {
    const { started, code } = startDemo();
    await waitFor('the table', () => started.output().includes('The servers keep running'), 200_000);
    const row = rowsOf(started.output()).find(([, message]) => message === 'Add features');
    const [commit = '', branch = ''] = (row?.[0] ?? '').split(' ');
    const env = variablesIn(join(folder, 'env'));
    const answer = await promisify(execFile)(python, ['-c', lookUp, commit], {
      env: { ...process.env, ...env, MLFLOW_DISABLE_TELEMETRY: 'true', GIT_PYTHON_REFRESH: 'quiet' },
    });
    const found: { runs: string[]; loaded: Record<string, string[]> } = JSON.parse(
      answer.stdout.trim().split('\n').at(-1) ?? '',
    );
    expect(found.runs).toEqual(['delta-by-commit', `${branch}@${commit}: Add features`, 'tags-only']);
    expect(Object.keys(found.loaded)).toEqual(['mlflow-tracking/gold/features']);
    const files = found.loaded['mlflow-tracking/gold/features'] ?? [];
    expect(files).toContain('_delta_log/00000000000000000000.json');
    expect(files.filter((file) => file.endsWith('.parquet'))).not.toHaveLength(0);

    process.kill(started.child.pid ?? 0, 'SIGINT');
    expect(await code, started.output()).toBe(0);
    await expect(fetch(env.MLFLOW_TRACKING_URI ?? '')).rejects.toThrow();
    await expect(fetch(env.LAKECTL_SERVER_ENDPOINT_URL ?? '')).rejects.toThrow();
    expect(existsSync(join(folder, 'README.txt')), 'the data stays').toBe(true);
  }, 240_000);
});

function id(branch: string): unknown {
  return expect.stringMatching(new RegExp(`^[0-9a-f]{12} ${branch}$`));
}

/** The cells of the table in what the demo has printed, row by row; broken lines are put together. */
function rowsOf(output: string): string[][] {
  const rows: string[][] = [];
  for (const line of output.split('\n')) {
    if (/^[┌├]/.test(line)) rows.push([]);
    if (!line.startsWith('│')) continue;
    const cells = line.split('│').slice(1, -1);
    const before = rows.at(-1) ?? [];
    rows[rows.length - 1] = cells.map((cell, at) => `${before[at] ?? ''} ${cell.trim()}`.trim());
  }
  return rows;
}

/** The variables of a file of `export NAME=value` lines. */
function variablesIn(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').matchAll(/^export (\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}
