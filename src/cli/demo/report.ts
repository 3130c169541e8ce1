import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Table from 'cli-table3';
import { guideTag, whereTag } from '../../contract/tags.js';
import { lakefsRepositoryPage, mlflowExperimentPage } from '../../domain/common/links-to.js';
import { shellText } from '../../domain/common/text.js';
import { type Io, print } from '../output.js';
import type { LakefsServer } from './lakefs.js';
import type { Outcome, SeenCommit, SeenRun } from './outcome.js';
import { experimentName } from './train.js';

export interface ReportFacts {
  readonly outcome: Outcome;
  /** Why a run is not linked, by its id. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly repository: string;
  readonly lakefs: LakefsServer;
  readonly mlflowUrl: string;
  readonly serviceUrl: string;
  readonly folder: string;
}

/** The table, the links, and what to try next. Prints no secret: the keys are in the file `env` of the folder. */
export function printReport(io: Io, facts: ReportFacts): void {
  const { outcome, reasons } = facts;
  print(io);
  io.stdout.write(`${outcomeTable(outcome)}\n`);
  for (const { name, id, commit } of outcome.runs) {
    if (commit !== undefined) continue;
    print(io, `Not linked: run ${name}, because ${reasons.get(id) ?? 'it names no data'}.`);
  }
  print(io);
  printLinks(io, facts);
  print(io);
  printNext(io, facts);
}

function printLinks(io: Io, { outcome, repository, lakefs, mlflowUrl, serviceUrl }: ReportFacts): void {
  const page = (id: string | undefined) =>
    id === undefined ? mlflowUrl : mlflowExperimentPage(mlflowUrl, id);
  const links: readonly (readonly [string, string])[] = [
    ['Commits in MLflow', page(outcome.catalogId)],
    ['Runs in MLflow', page(outcome.experimentId)],
    ['Dashboard', `${serviceUrl}/queues/`],
    [
      'lakeFS',
      lakefs.hasPages
        ? lakefsRepositoryPage(lakefs.endpoint, repository)
        : `${lakefs.endpoint} (the sandbox has no web pages)`,
    ],
  ];
  for (const [name, address] of links) io.stdout.write(`  ${name.padEnd(17)}  ${address}\n`);
}

function printNext(io: Io, { outcome, repository, lakefs, mlflowUrl, folder }: ReportFacts): void {
  const file = writeEnvFile(folder, lakefs, mlflowUrl);
  const linked = outcome.runs.filter(({ commit }) => commit !== undefined);
  const [run] = linked;
  if (run === undefined) return;
  print(io, 'Try next, in another terminal (the first line sets the addresses and keys):');
  io.stdout.write(`  . ${shellText(file)}\n`);
  for (const words of questions(outcome, repository)) io.stdout.write(`  npx lakefs-mlflow ${words}\n`);
  print(io, "Or find the runs that read a commit, in MLflow's search box:");
  io.stdout.write(`  ${whereTag(guideTag.commit, `${linked.at(-1)?.commit?.slice(0, 12)}%`, 'LIKE')}\n`);
}

/** Commands that have something to show about the demo's data and runs. */
function questions({ runs, commits }: Outcome, repository: string): readonly string[] {
  const run = (name: string): string => runs.find((one) => one.name === name)?.id ?? '';
  const rides = commits.find(({ id }) => runs.some(({ commit }) => commit === id))?.id.slice(0, 12);
  return [
    `lineage ${run('pandas-by-commit')}`,
    `impact ${repository}/${rides}`,
    `compare ${run('newer-on-branch')} ${run('newer-on-main')}`,
    `coverage ${experimentName}`,
    'check models:/rides@champion --require exact,promoted,current',
  ];
}

/** Returns the file's path, relative to the current folder where that is shorter. */
function writeEnvFile(folder: string, lakefs: LakefsServer, mlflowUrl: string): string {
  const own = {
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
    AWS_ACCESS_KEY_ID: lakefs.accessKeyId,
    AWS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  const variables = {
    MLFLOW_TRACKING_URI: mlflowUrl,
    LAKECTL_SERVER_ENDPOINT_URL: lakefs.endpoint,
    // With these, mlflow.data.get_source(...).load() downloads a candidate.
    MLFLOW_S3_ENDPOINT_URL: lakefs.endpoint,
    // The keys of the user's own lakeFS are written nowhere.
    ...(lakefs.given ? {} : own),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${shellText(value)}\n`);
  const path = join(folder, 'env');
  writeFileSync(path, lines.join(''), { mode: 0o600 });
  const near = relative(process.cwd(), path);
  // The shell's `.` searches the PATH for a bare name.
  return near.startsWith('..') || !near.includes('/') ? path : near;
}

/** 80 characters with borders, the width of the narrowest usual terminal. */
const widths = [14, 23, 17, 21];

/** A row per commit: what was registered for it and which runs read it, with the evidence. */
function outcomeTable({ commits, runs }: Pick<Outcome, 'commits' | 'runs'>): string {
  const table = new Table({
    head: ['commit', 'message', 'candidates', 'runs that read it'],
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const commit of commits) {
    table.push([
      `${commit.id.slice(0, 12)}\n${commit.branch}`,
      commit.message,
      candidatesOf(commit),
      runs
        .filter((run) => run.commit === commit.id)
        .map(runLine)
        .join('\n') || '-',
    ]);
  }
  return table.toString();
}

function candidatesOf({ registered, candidates, paths }: SeenCommit): string {
  if (!registered) return 'NOT REGISTERED';
  if (candidates.length > 0) return candidates.map((name) => `${name}/`).join('\n');
  return paths.length === 0 ? 'none: no data' : 'NONE';
}

function runLine({ name, evidence }: SeenRun): string {
  return `${name}\n  ${evidence ?? 'NOT LINKED'}`;
}
