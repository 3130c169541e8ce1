import { createEventCheck } from '../../../hooks/event-schema.js';
import { print, printBlocks, progressLine, warn } from '../../../src/cli/output.js';
import { loadSettings } from '../../../src/config/load.js';
import { allOptions } from '../../../src/config/options.js';
import { SettingsError } from '../../../src/config/settings-error.js';
import { jobLink, jobTitle } from '../../../src/dashboard/job-text.js';
import { catalogEntry } from '../../../src/domain/catalog/entry.js';
import type { CatalogCommit } from '../../../src/domain/catalog/operation.js';
import { matches } from '../../../src/domain/common/globs.js';
import { planModelTags } from '../../../src/domain/links/model-tags.js';
import { makersOf } from '../../../src/domain/links/produced.js';
import { planTags } from '../../../src/domain/links/tag-plan.js';
import { type Change, datasetPaths } from '../../../src/domain/paths/dataset-paths.js';
import { isAtOrUnder, narrower, pathForms } from '../../../src/domain/paths/path.js';
import { isBranchName, parseRefName } from '../../../src/domain/references/lakefs-names.js';
import { maySayWhatItRead, referencesOf } from '../../../src/domain/references/reference.js';
import { decideHookEvent } from '../../../src/domain/sync/hook-event.js';
import { createRedactor } from '../../../src/http/address.js';
import type { HttpFailureFacts } from '../../../src/http/classify.js';
import { parseRetryAfter } from '../../../src/http/retry.js';
import { classifyActionFile } from '../../../src/install/action-file.js';
import { answerIn, errorIn } from '../../../src/install/hook-refusal.js';
import { hookUrlProblem } from '../../../src/install/hook-url.js';
import { LakefsError } from '../../../src/lakefs/errors.js';
import { ApiError } from '../../../src/mlflow/api-error.js';
import { html } from '../../../src/pages/html.js';
import { readCoverageTarget, readSince } from '../../../src/queries/coverage/target.js';
import { code, field, text, title } from '../../../src/queries/shared/blocks.js';
import { readWhat, showWhat } from '../../../src/queries/shared/target.js';
import { shownCommit, shownRun } from '../../../src/queries/shared/words.js';
import { readVerifyTarget } from '../../../src/queries/verify/target.js';
import {
  createPayloadReader,
  storableReason,
  storableValue,
  withStackOf,
} from '../../../src/queue/payloads.js';
import { createProxyCheck } from '../../../src/server/client-address.js';
import { crossSiteProblem } from '../../../src/server/same-origin.js';
import { createConsoleLog, createJsonLog } from '../../../src/telemetry/logs.js';
import { commitA, inputView, runView } from '../../support/runs/run-views.js';
import { event } from '../hooks/fixtures.js';

/** Does with an outside text what the service does when it meets one there. */
export type Entry = (text: string) => unknown;

const checkEvent = createEventCheck();
const payloads = createPayloadReader();
const redact = createRedactor(['canary-secret']);
const terminal = { isTTY: true, columns: 80, write: () => undefined };
const io = { env: {}, stdout: terminal, stderr: terminal } as never;
const consoleLog = createConsoleLog('debug', redact, () => undefined, Date.now);
const jsonLog = createJsonLog('debug', redact, { write: () => undefined });
const watched = { repositories: ['*-data', '!a*b*c'], branches: ['*', '!tx-*', '!*a*b*'] };
const place = {
  installation: 'default',
  catalog: 'lakefs',
  repository: 'repo',
  lakefsUrl: 'http://lakefs',
  publicUrl: 'http://us',
};
const rules = [
  { repository: '*', path: 'gold/*/' },
  { repository: '*', path: '*a*b*c*/' },
];

function changeOf(path: string, type: Change['type'] = 'added'): Change {
  return { type, path, path_type: 'object', size_bytes: 1 };
}

/** The catalog's entry of a commit. */
function entryOf(commit: Partial<CatalogCommit>, path = 'gold/train/a.csv', branch = 'main'): unknown {
  const whole: CatalogCommit = {
    id: commitA,
    parents: ['1'.repeat(64)],
    committer: 'jane',
    message: 'Add rows',
    creation_date: 1_700_000_000,
    meta_range_id: 'f'.repeat(64),
    metadata: {},
    ...commit,
  };
  const changes = [changeOf(path)];
  const { paths } = datasetPaths(changes, { repository: 'repo', rules: [] });
  return catalogEntry({ place, commit: whole, branch, paths, emptied: paths, changes, complete: true });
}

/** What a run says, and whether a sweep must look at it. */
function said(run: Parameters<typeof runView>[0]): unknown {
  const view = runView(run);
  return [maySayWhatItRead(view), referencesOf(view)];
}

function input(parts: Parameters<typeof inputView>[1]): unknown {
  return said({ inputs: [inputView('s3://repo/main/a', parts)] });
}

const facts = (parts: Partial<HttpFailureFacts>): HttpFailureFacts => ({
  name: 'MLflow',
  method: 'POST',
  url: 'http://host/api/2.0/mlflow/runs/search',
  status: 500,
  ...parts,
});

function failures(parts: Partial<HttpFailureFacts>): unknown {
  return [new ApiError(facts(parts)), new LakefsError({ ...facts(parts), name: 'lakeFS' })];
}

/** Keeps the last answer: what the standard library takes for JSON is not measured, and all of them fill the memory. */
function remembering<T>(make: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly made: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, made: make(text) };
    return last.made;
  };
}

const uriSource = remembering((uri) => JSON.stringify({ uri }));
const sqlSource = remembering((sql) => JSON.stringify({ sql }));

const parsed = remembering((given): unknown => {
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
});

/** Every setting but CONFIG, which names a file, and those without which nothing else is read. */
function settings(value: string): unknown {
  const names = allOptions.map(({ env: [name = ''] }) => name).filter((name) => !name.endsWith('_CONFIG'));
  try {
    return loadSettings(Object.fromEntries(names.map((name) => [name, value])), () => {
      throw new Error('there is no such file');
    });
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}

export const entries: Readonly<Record<string, Entry>> = {
  'a hook: the body': (given) => checkEvent(parsed(given)),
  'a hook: the message': (given) => checkEvent(event({ commit_message: given, committer: given })),
  'a hook: the metadata': (given) => checkEvent(event({ commit_metadata: { [given]: given } })),
  'a hook: the names': (given) =>
    ['branch_id', 'repository_id', 'commit_id', 'event_type'].map((key) =>
      checkEvent(event({ [key]: given })),
    ),
  'a hook: the branch, compared with BRANCHES': (given) =>
    decideHookEvent(
      { event_type: 'post-commit', repository_id: 'repo', branch_id: given, commit_id: commitA },
      watched,
    ),
  'a commit: the message': (given) => entryOf({ message: given }),
  'a commit: the committer': (given) => entryOf({ committer: given }),
  'a commit: the metadata': (given) => makersOf({ run_id: given, [given]: given }, ['mlflow']),
  'a commit: the branch': (given) => entryOf({}, undefined, given),
  'a commit: an object': (given) => entryOf({}, given),
  'a commit: a directory of it': (given) => entryOf({}, `${given}/a.csv`),
  'a commit: an object, compared with rules': (given) =>
    datasetPaths([changeOf(given)], { repository: 'repo', rules }),
  'a commit as people see it': (given) =>
    shownCommit({
      commit: commitA,
      branch: given,
      facts: { message: given, committer: given, creation_date: 1 },
    } as never),
  'a name, compared with patterns': (given) => matches(['a*', '!*b', '*a*b?c*'], given),
  'a ref': (given) => [parseRefName(given), isBranchName(given)],
  'a path': (given) => [pathForms(given), isAtOrUnder(given, given), narrower(given, `${given}a`)],
  'a run: a tag': (given) => said({ tags: { data: given } }),
  'a run: the key of a tag': (given) => said({ tags: { [given]: 's3://repo/main/a' } }),
  "a run: the guide's tags": (given) =>
    said({ tags: { lakefs_repo: given, lakefs_commit: given, lakefs_branch: given, lakefs_tag: given } }),
  'a run: a param': (given) => said({ params: new Map([['data', given]]) }),
  'a run: what Spark read': (given) => said({ tags: { sparkDatasourceInfo: given } }),
  'a run: our list of links': (given) =>
    planTags(runView({ tags: { 'lakefs.links': given } }), [], () => never),
  "a run: a dataset's source": (given) => input({ source: given }),
  "a run: a dataset's address": (given) => input({ source: uriSource(given) }),
  "a run: a dataset's SQL": (given) => input({ source: sqlSource(given) }),
  "a run: a dataset's name and digest": (given) => input({ name: given, digest: given, context: given }),
  "a run: a dataset's profile and schema": (given) => input({ profile: given, schema: given }),
  'a run as people see it': (given) =>
    shownRun({
      id: given,
      name: given,
      experiment: given,
      status: given,
      startTime: '2026-01-01T00:00:00.000Z',
      endTime: null,
    } as never),
  'a model version: a tag': (given) =>
    planModelTags(runView(), { set: new Map(), remove: [] }, new Map([[given, given]])),
  "a server's error: the body": (given) => failures({ body: given }),
  "a server's error: the message": (given) => failures({ json: { message: given } }),
  "a server's error: the code": (given) => failures({ json: { error_code: given, message: given } }),
  "a server's error: the JSON": (given) => failures({ json: parsed(given) }),
  "a server's answer: Retry-After": (given) => parseRetryAfter(given, 0),
  "a server's answer: secrets in it": (given) => redact(given),
  'a log line for a terminal': (given) => consoleLog.warn({ err: new Error(given), key: given }, given),
  'a log line as JSON': (given) => jsonLog.warn({ err: new Error(given), key: given }, 'failed'),
  'a job: its reason': (given) => withStackOf(new Error(storableReason(new Error(given))), new Error(given)),
  'a job: its outcome': (given) => storableValue({ summary: given, links: { [given]: given } }),
  'a job: its payload': (given) => {
    try {
      return payloads.read('link-run', { v: 1, server: given, run: given });
    } catch (error) {
      return error;
    }
  },
  'a job on the dashboard': (given) => {
    const job = { name: 'link-run', data: { run: given }, returnvalue: { links: { mlflow: given } } };
    return [jobTitle(job), jobLink(job, {})];
  },
  'a page of ours': (given) => html`<p>${given}</p>`,
  'a request: its origin': (given) =>
    crossSiteProblem({ origin: given, referer: given, site: given, host: given } as never, 'http://us'),
  "a request: its sender's address": (given) => createProxyCheck(['10.0.0.0/8'])(given),
  'the log of a hook': (given) => [errorIn(given), answerIn(`\nResponse:\n\r\n\r\n${given}`)],
  'a file of an action': (given) => classifyActionFile(given, 'x'),
  'a command: what it is asked about': (given) => {
    const what = readWhat(given);
    return [what.kind === 'none' ? what : showWhat(what), readVerifyTarget(given), readCoverageTarget(given)];
  },
  'a command: a time': (given) => readSince(given, 0),
  'a command: an address for hooks': (given) => hookUrlProblem(given),
  'a command: a paragraph': (given) => [print(io, given), warn(io, given), progressLine(io).show(given)],
  'a command: blocks': (given) =>
    printBlocks(io, [title(given), text(given), field('label', given), code([given])]),
  // There are some 50, so that this is 1 MB.
  'settings: all of them': (given) => settings(given.slice(0, 20_000)),
};

const never = { branch: undefined, status: 'unknown' as const };
