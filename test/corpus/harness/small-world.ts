import { readLinksTag } from '../../../src/contract/links-tag.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';
import type { Run } from '../../../src/mlflow/types.js';
import type { Sandbox } from '../../../src/sandbox/index.js';
import { createRuntime, type Runtime } from '../../support/jobs/runtime.js';
import { type MemoryMlflow, memoryMlflow } from '../../support/mlflow/memory-mlflow.js';
import { pandas, writeInput } from './inputs.js';
import { change, type ReadingRun, type SmallHistory } from './small-history.js';

export interface SmallWorld {
  readonly runtime: Runtime;
  readonly mlflow: MemoryMlflow;
  readonly repo: string;
  /** In the order in which they were made. */
  readonly commits: { readonly id: string; readonly branch: string }[];
  /** The tags that each run's user wrote. */
  readonly written: Map<number, Readonly<Record<string, string>>>;
}

export interface Setting {
  readonly sandbox: Sandbox;
  /** Sets the sandbox's clock, Unix ms. */
  readonly setClock: (ms: number) => void;
  readonly repo: string;
  /** The dates of the commits, in seconds after the beginning; ten minutes apart where not given. */
  readonly dates?: readonly number[];
  readonly mlflow?: (clients: MlflowClients) => MlflowClients;
  readonly lakefs?: (client: LakefsClient) => LakefsClient;
}

const beginMs = Math.floor((Date.now() - 36 * 3_600_000) / 1_000) * 1_000;
const stepMs = 600_000;

/** Plays a history; `between` is called after each change with the number of changes so far. */
export async function playSmall(
  history: SmallHistory,
  setting: Setting,
  between: (world: SmallWorld, step: number) => Promise<void> = async () => undefined,
): Promise<SmallWorld> {
  const { sandbox, setClock, repo } = setting;
  const mlflow = memoryMlflow();
  await mlflow.clients.experiments.createExperiment('training');
  const runtime = createRuntime(sandbox, 'http://127.0.0.1:9', {
    installation: { repositories: [repo], experiments: ['training'] },
    mlflow: () => setting.mlflow?.(mlflow.clients) ?? mlflow.clients,
    ...(setting.lakefs === undefined ? {} : { lakefs: setting.lakefs }),
  });
  const client = createLakefsClient(sandbox);
  setClock(beginMs);
  await client.createRepository({ name: repo, storage_namespace: `local://${repo}` });
  const world: SmallWorld = { runtime, mlflow, repo, commits: [], written: new Map() };
  // The first look stores the horizon and registers the head, the second marks it: what comes from now on is never missed.
  await runtime.reconcile(repo);
  runtime.skip(10 * 60_000);
  await runtime.reconcile(repo);
  if (
    ![...mlflow.experiments.values()].some(({ tags }) => tags?.some(({ key }) => key === 'lakefs.horizon'))
  ) {
    throw new Error('the horizon is not drawn');
  }
  for (const [step, what] of [undefined, ...history.changes].entries()) {
    const now = beginMs + step * stepMs;
    setClock(now);
    const date = beginMs / 1_000 + (setting.dates?.[step] ?? (step * stepMs) / 1_000);
    const made = what === undefined ? undefined : await change(client, repo, what, date);
    if (made !== undefined) world.commits.push(made);
    for (const [index, run] of history.runs.entries()) {
      if (Math.min(run.after, history.changes.length) === step) begin(world, index, run, now + stepMs / 2);
    }
    await between(world, step);
  }
  return world;
}

/** A finished run with an id of its own, whatever runs the catalog has got by now. */
function begin(world: SmallWorld, index: number, run: ReadingRun, start: number): void {
  const { mlflow, repo, commits } = world;
  const read = commits.at(-1 - run.back) ?? commits[0];
  const id = consumerId(index);
  const ref = run.says === 'branch' ? 'main' : read?.id;
  const named = (run.says === 'tags' || run.says === 'both') && read !== undefined;
  const tags = { ...run.userTags, ...(named ? { lakefs_repo: repo, lakefs_commit: read.id } : {}) };
  world.written.set(index, tags);
  const address = `s3://${repo}/${ref}/${run.path}`;
  const input = writeInput(pandas(address, { name: 'train', frame: `${index}` }), (text) => text);
  const reads = ['source', 'both', 'branch'].includes(run.says) && ref !== undefined;
  const made: Run = {
    info: {
      run_id: id,
      experiment_id: '1',
      status: 'FINISHED',
      start_time: start,
      end_time: start + 60_000,
      lifecycle_stage: 'active',
    },
    data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
    ...(reads ? { inputs: { dataset_inputs: [input] } } : {}),
  };
  mlflow.runs.set(id, made);
}

/** Lets the jobs do what there is to do, without any event: a process that has just started looks at all runs. */
export async function rest({ runtime, repo }: SmallWorld): Promise<void> {
  runtime.restart();
  const done = [...(await runtime.reconcile(repo)), ...(await runtime.sweep()), ...(await runtime.sweep())];
  // What the runs have consumed may be news for the catalog.
  done.push(...(await runtime.reconcile(repo)), ...(await runtime.sweep()));
  const failed = done.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw failed.error;
}

/** The event of a commit, as its hook sends it. */
export function tell({ runtime, repo }: SmallWorld, { id, branch }: { id: string; branch: string }): void {
  runtime.add({
    name: 'register-commit',
    payload: { v: 1, installation: 'default', repository: repo, commit: id, branch },
    cause: 'hook',
  });
}

/** Tags that say what came first or when somebody looked; no decision about data uses them. */
const labels = ['lakefs_branch', 'lakefs.history', 'mlflow.note.content', 'mlflow.runName'];

/**
 * All that the service says in MLflow, without labels and ids. A commit that no branch holds and no run consumed may
 * or may not have an entry.
 */
export async function stateOf(world: SmallWorld): Promise<unknown> {
  const held = await heldCommits(world);
  const consumers: Record<string, unknown> = {};
  const catalog: Record<string, unknown> = {};
  for (const { info, data, inputs } of world.mlflow.runs.values()) {
    if (info.lifecycle_stage === 'deleted') continue;
    const plain = (text: string): string => text.replaceAll(world.repo, 'REPO');
    const tags = new Map((data.tags ?? []).map(({ key, value }) => [plain(key), plain(value)]));
    const commit = tags.get('lakefs_commit') ?? '';
    const inCatalog = tags.get('lakefs.kind') === 'commit';
    if (inCatalog && !held.has(commit) && tags.get('lakefs.consumed') !== 'yes') continue;
    for (const label of labels) tags.delete(label);
    const links = tags.get('lakefs.links');
    if (links !== undefined) tags.set('lakefs.links', links.replace(/"lakefs_branch":"\w+",?/, ''));
    const told = Object.fromEntries([...tags].sort(([a], [b]) => (a < b ? -1 : 1)));
    const sources = (inputs?.dataset_inputs ?? []).map(({ dataset }) => plain(dataset.source)).sort();
    if (inCatalog) catalog[commit] = { ...told, sources };
    else consumers[info.run_id] = told;
  }
  return { consumers, catalog };
}

async function heldCommits({ runtime, repo }: SmallWorld): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for await (const { id } of runtime.lakefs.branches(repo)) {
    for await (const commit of runtime.lakefs.log(repo, id)) held.add(commit.id);
  }
  return held;
}

/**
 * True where a run that names a branch is linked to a commit that no branch holds any more: nobody but who looked before
 * the reset can know of it.
 */
export async function guessesAtWhatIsGone(world: SmallWorld): Promise<boolean> {
  const held = await heldCommits(world);
  return [...world.mlflow.runs.values()].some(({ data }) => {
    const { links } = readLinksTag(new Map((data.tags ?? []).map(({ key, value }) => [key, value])));
    return links.some(({ kind, commit }) => ['inferred', 'ambiguous'].includes(kind) && !held.has(commit));
  });
}

/** The links of a run, with commits named by the order in which they were made. */
export function consumerLinks(world: SmallWorld, index: number): readonly NamedLink[] {
  const tags = new Map((tagsOf(world, index) ?? []).map(({ key, value }) => [key, value]));
  return readLinksTag(tags)
    .links.map(({ commit, path, kind, where }) => {
      const at = world.commits.findIndex(({ id }) => id === commit);
      return { commit: at, path, kind, where };
    })
    .sort((a, b) => a.commit - b.commit || a.path.localeCompare(b.path));
}

export interface NamedLink {
  /** -1 for the commit with which the repository began. */
  readonly commit: number;
  readonly path: string;
  readonly kind: string;
  readonly where: string;
}

export function allTags(world: SmallWorld, index: number): Readonly<Record<string, string>> {
  return Object.fromEntries((tagsOf(world, index) ?? []).map(({ key, value }) => [key, value]));
}

function tagsOf({ mlflow }: SmallWorld, index: number) {
  return mlflow.runs.get(consumerId(index))?.data.tags;
}

function consumerId(index: number): string {
  return `c${String(index).padStart(31, '0')}`;
}

/** The objects under a path at a commit, as one text. */
export async function bytesAt(
  { runtime, repo, commits }: SmallWorld,
  commit: number,
  path: string,
): Promise<string> {
  const objects: string[] = [];
  const ref = commits[commit]?.id ?? '';
  for await (const object of runtime.lakefs.objects(repo, ref, { prefix: path })) {
    objects.push(`${object.path} ${object.checksum}`);
  }
  return objects.join();
}

/** The status of a run's data, and which commit made it so. */
export function verdict(world: SmallWorld, index: number): readonly unknown[] {
  const { 'lakefs.status': status, 'lakefs.because': because = '' } = allTags(world, index);
  const made = world.commits.findIndex(({ id }) => because.endsWith(`@${id.slice(0, 12)}`));
  return [status, because === '' ? undefined : made];
}
