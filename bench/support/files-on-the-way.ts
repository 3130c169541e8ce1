import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../../test/support/servers/process.js';
import { commitOnce } from './commits.js';
import { startLatencySetup } from './latency-setup.js';
import { startRun } from './trained-runs.js';
import type { BenchContext } from './types.js';

const preload = new URL('../processes/coverage.mjs', import.meta.url).href;
const dist = new URL('../../dist/', import.meta.url).href;

/** What `NODE_V8_COVERAGE` writes, as far as it is read here. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/**
 * The source files of which a function runs while the built service follows one commit: its event, its registration,
 * the sweep that finds the one run that read it, the link, and the registration again that notes the consumer.
 */
export async function filesOnTheWay(context: BenchContext): Promise<readonly string[]> {
  const folder = join(context.folder, 'coverage');
  mkdirSync(folder);
  const system = await startLatencySetup(context, '30s', {
    NODE_V8_COVERAGE: folder,
    NODE_OPTIONS: `--import=${preload}`,
    LAKEFS_MLFLOW_RECONCILE_INTERVAL: '1h',
  });
  const { clients, lakefs, repository, experiment, service } = system;
  // What a start brings with it is over.
  await sleep(5_000);
  const before = await take(folder, () => service.signal('SIGUSR2'));
  const read = await commitOnce(lakefs, repository, 1);
  const run = await startRun(clients, experiment, read);
  await clients.runs.updateRun(run, 'FINISHED', Date.now());
  const catalog = await system.catalog();
  await waitFor(
    'the commit to have a consumer',
    async () => {
      const filter = `tags.lakefs_commit = '${read.commit}' AND tags.\`lakefs.consumers\` = '1'`;
      return ((await clients.runs.searchRuns([catalog], filter)).runs ?? []).length > 0;
    },
    120_000,
  );
  const after = await take(folder, () => service.signal('SIGUSR2'), before);
  await system.close();
  const { result } = JSON.parse(readFileSync(join(folder, after), 'utf8')) as Coverage;
  return result
    .filter(({ url }) => url.startsWith(dist))
    .filter(({ functions }) =>
      functions.some(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0),
    )
    .map(({ url }) => fileURLToPath(url).slice(fileURLToPath(dist).length).replace(/\.js$/, '.ts'))
    .sort();
}

/** The name of the report that is written then. */
async function take(folder: string, ask: () => void, ...known: readonly string[]): Promise<string> {
  const earlier = new Set([...readdirSync(folder), ...known]);
  ask();
  return waitFor('the report of what has run', () => readdirSync(folder).find((name) => !earlier.has(name)));
}
