import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { costRow } from './support/cost-row.js';
import type { Phase } from './support/phase.js';
import { timePhase } from './support/phase.js';
import { describeBusy, describeCost } from './support/phase-text.js';
import { figure, median } from './support/statistics.js';
import { startTaggingSetup, type TaggingSetup } from './support/tagging-setup.js';
import type { Bench, BenchContext, BenchResult } from './support/types.js';

/** Runs tagged per second by the whole pipeline, against a Python loop as in lakeFS's guide. */
export const guide: Bench = {
  title: "Runs tagged, against the guide's Python loop of three MlflowClient.set_tag per run",
  run: async (context) => {
    const many = await measure(context, undefined, 10);
    const one = await measure(context, 1, 2);
    return {
      rows: [...many.rows, ...one.rows],
      limits: [...many.limits, ...one.limits],
      details: { defaultWorkers: many.details, oneWorker: one.details },
    };
  },
};

async function measure(
  context: BenchContext,
  workers: number | undefined,
  atLeast: number,
): Promise<BenchResult> {
  const server = workers === undefined ? 'default workers (4)' : 'one worker';
  context.note(`MLflow with ${server}: preparing`);
  const setup = await startTaggingSetup(context, workers);
  const count = context.quick ? 100 : 300;
  await setup.ours(await setup.train('watched', 50));
  const ours: Phase[] = [];
  const loops: Phase[] = [];
  const rounds = context.quick ? 3 : 5;
  for (let round = 0; round < rounds; round += 1) {
    const mine = await setup.train('watched', count);
    const theirs = await setup.train('unwatched', workers === undefined ? 25 : 80);
    if (round % 2 === 1) loops.push(await pythonLoop(context, setup, theirs));
    ours.push(await setup.ours(mine));
    if (round % 2 === 0) loops.push(await pythonLoop(context, setup, theirs));
    context.note(
      `round ${round + 1} of ${rounds}: ${figure(ours.at(-1)?.perSecond ?? 0)}/s against ${figure(loops.at(-1)?.perSecond ?? 0)}/s`,
    );
  }
  await setup.close();
  const ratios = ours.map((phase, round) => phase.perSecond / (loops[round]?.perSecond ?? Number.NaN));
  return {
    rows: [
      {
        what: `runs tagged per second, MLflow with ${server}`,
        ours: `${figure(median(ours.map(({ perSecond }) => perSecond)))}/s`,
        other: `${figure(median(loops.map(({ perSecond }) => perSecond)))}/s`,
        measured: median(ratios),
        atLeast,
        rounds: ratios,
      },
      costRow(`runs per processor second of MLflow, ${server}`, ours, loops),
    ],
    limits: [
      `${server}, ours, per run: ${describeCost(ours)}`,
      `${server}, the loop, per run: ${describeCost(loops)} (and the Python client)`,
      `${server}, busy (100 % is one core): ours: ${describeBusy(ours)}; the loop: ${describeBusy(loops)}`,
    ],
    details: { ours, loops },
  };
}

function pythonLoop(
  { python }: BenchContext,
  { mlflow, commits }: TaggingSetup,
  runs: readonly string[],
): Promise<Phase> {
  const [read] = commits;
  const tags = {
    lakefs_repo: read?.repository,
    lakefs_branch: 'main',
    lakefs_commit: read?.commit,
  };
  return timePhase({ mlflow, programs: {} }, runs.length, () =>
    runPython(python, mlflow.url, JSON.stringify({ runs, tags })),
  );
}

function runPython(python: string, url: string, input: string): Promise<number> {
  const script = fileURLToPath(new URL('processes/set_tags.py', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(python, [script], {
      env: {
        ...process.env,
        MLFLOW_TRACKING_URI: url,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        GIT_PYTHON_REFRESH: 'quiet',
      },
    });
    let answer = '';
    let trouble = '';
    child.stdout.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      trouble += chunk.toString();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0
        ? resolve(JSON.parse(answer).seconds)
        : reject(new Error(`the Python loop failed:\n${trouble}`)),
    );
    child.stdin.end(input);
  });
}
