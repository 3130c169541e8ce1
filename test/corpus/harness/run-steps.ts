import { writeInput } from './inputs.js';
import type { RunSpec, Step } from './vocabulary.js';
import { fillIn, runNamed, type World } from './world.js';

/** Sends one request to MLflow as its Python client does. */
export type Send = (
  path: string,
  body: Readonly<Record<string, unknown>>,
) => Promise<Record<string, unknown>>;

/** A step of a run with the time at which it happens, in Unix ms. */
export interface TimedStep {
  readonly step: Step;
  readonly at: number;
}

/** Writes to MLflow what a step says, with the calls and bodies that the Python client was recorded with. */
export async function playRunStep({ step, at }: TimedStep, world: World, send: Send): Promise<void> {
  switch (step.do) {
    case 'start':
      await startRun(step.run, step.spec, at, world, send);
      return;
    case 'write':
      await write(step.run, step.spec, world, send);
      return;
    case 'end': {
      const run = runNamed(world, step.run);
      await update(run.id, step.status, at, send);
      run.terminal = true;
      run.endTime = at;
      return;
    }
    case 'resume': {
      // The client sends the end time that it has read.
      const run = runNamed(world, step.run);
      await update(run.id, 'RUNNING', run.endTime, send);
      run.terminal = false;
      return;
    }
    case 'deleteRun': {
      const run = runNamed(world, step.run);
      await send('runs/delete', { run_id: run.id });
      run.deleted = true;
      return;
    }
    case 'ignoreExperiment':
      await send('experiments/set-experiment-tag', {
        experiment_id: await experimentId(world, undefined, send),
        key: 'lakefs.ignore',
        value: 'true',
      });
      return;
    case 'deleteExperiment':
      await send('experiments/delete', { experiment_id: await experimentId(world, undefined, send) });
      for (const run of world.runs.values()) run.deleted = true;
      return;
    default:
      throw new Error(`${step.do} is no step of a run`);
  }
}

async function startRun(name: string, spec: RunSpec, at: number, world: World, send: Send): Promise<void> {
  const parent =
    spec.parent === undefined ? [] : [tagOf('mlflow.parentRunId', runNamed(world, spec.parent).id)];
  const answer = await send('runs/create', {
    experiment_id: await experimentId(world, spec.experiment, send),
    user_id: 'alice',
    run_name: name,
    ...(spec.noStart === true ? {} : { start_time: at }),
    tags: [
      tagOf('mlflow.user', 'alice'),
      tagOf('mlflow.source.name', 'train.py'),
      tagOf('mlflow.source.type', 'LOCAL'),
      ...parent,
      tagOf('mlflow.runName', name),
    ],
  });
  const { info } = answer.run as { info: { run_id: string } };
  const run = { id: info.run_id, userTags: new Map(), terminal: false, deleted: false, endTime: at };
  world.runs.set(name, run);
  const tags = { ...trialTags(spec.trial, at), ...spec.tags };
  await write(name, { ...spec, tags }, world, send);
}

/** What Optuna 5 writes, with Python's `str` of times without a zone. */
function trialTags(trial: RunSpec['trial'], endMs: number): Readonly<Record<string, string>> {
  if (trial === undefined) return {};
  const { lasted, zone = 0, number = 0, unended } = trial;
  const local = (ms: number): string =>
    `${new Date(ms + zone * 3_600_000).toISOString().slice(0, 23).replace('T', ' ')}000`;
  return {
    number: String(number),
    datetime_start: local(endMs - lasted * 1_000),
    datetime_complete: unended === true ? 'None' : local(endMs),
    state: 'COMPLETE',
    direction: 'MINIMIZE',
  };
}

/** The guide logs datasets before tags, and tags one by one. */
async function write(
  name: string,
  {
    inputs = [],
    tags = {},
    params = {},
    metrics = {},
  }: Pick<RunSpec, 'inputs' | 'tags' | 'params' | 'metrics'>,
  world: World,
  send: Send,
): Promise<void> {
  const { id, userTags, endTime: endedAt } = runNamed(world, name);
  const written = inputs.map((input) => writeInput(input, (text) => fillIn(text, world)));
  if (written.length > 0) await send('runs/log-inputs', { run_id: id, datasets: written });
  const wanted = Object.entries(tags).map(([key, value]) => tagOf(fillIn(key, world), fillIn(value, world)));
  if (wanted.length <= 10) {
    for (const entry of wanted) await send('runs/set-tag', { run_uuid: id, ...entry, run_id: id });
  } else {
    for (let from = 0; from < wanted.length; from += 100) {
      await send('runs/log-batch', { run_id: id, tags: wanted.slice(from, from + 100) });
    }
  }
  for (const { key, value } of wanted) userTags.set(key, value);
  const given = Object.entries(params).map(([key, value]) => ({ key, value: fillIn(value, world) }));
  if (given.length > 0) await send('runs/log-batch', { run_id: id, params: given });
  const measured = Object.entries(metrics).map(([key, value]) => ({
    key,
    value,
    timestamp: endedAt,
    step: 0,
  }));
  if (measured.length > 0) await send('runs/log-batch', { run_id: id, metrics: measured });
}

async function update(id: string, status: string, endTime: number, send: Send): Promise<void> {
  await send('runs/update', { run_uuid: id, status, end_time: endTime, run_id: id });
}

async function experimentId(world: World, alias: string | undefined, send: Send): Promise<string> {
  const name = experimentName(world, alias);
  const known = world.experiments.get(name);
  if (known !== undefined) return known;
  const { experiment_id: id } = await send('experiments/create', { name });
  world.experiments.set(name, String(id));
  return String(id);
}

/** Each case has its own experiment; `second` is one that the second installation watches. */
function experimentName(world: World, alias = 'default'): string {
  const name = `${repositoryOf(world)}/${alias}`;
  return alias === 'second'
    ? `second-${world.experimentPrefix}/${name}`
    : `${world.experimentPrefix}/${name}`;
}

function repositoryOf(world: World): string {
  return world.repositories.get('repo') ?? '';
}

function tagOf(key: string, value: string): { readonly key: string; readonly value: string } {
  return { key, value };
}
