import type { ServerAccess } from '../../facts/links/access.js';
import { createServerFacts } from '../../facts/links/server.js';
import { type ExaminedRun, readExaminedRun } from '../shared/examined-run.js';
import { checkLakefs } from '../shared/is-lakefs.js';
import type { RunOrModel } from '../shared/read-run.js';
import { compareBytes } from './bytes.js';
import { compareCode } from './code.js';
import { decideOutcome, decidePair, needsBytes } from './decide.js';
import { alignPaths, pairLinks } from './pair.js';
import type { ComparedRun, Comparison } from './schema.js';

export interface CompareOptions {
  /** Objects that are listed for each dataset that differs; all are counted, up to 10,000. */
  readonly limit: number;
}

/** Datasets of two runs that are compared by their bytes: each costs some requests. */
const maxPairs = 100;

/**
 * Compares the data of lakeFS that two runs (or the runs of two models) read, and their code. Reads only. Costs what
 * `lineage` costs for both, and lakeFS's difference for each dataset that they read at two commits.
 *
 * @throws NotThereError where a run or model is not there; what the clients throw where something could not be read
 */
export async function compareRuns(
  access: ServerAccess,
  now: () => number,
  [one, other]: readonly [RunOrModel, RunOrModel],
  { limit }: CompareOptions,
): Promise<Comparison> {
  const facts = createServerFacts(access, now);
  await checkLakefs(access);
  const [first, second] = await Promise.all([readExaminedRun(one, facts), readExaminedRun(other, facts)]);
  const pairs = await Promise.all(
    pairLinks(first.links, second.links).map(async (pair, index) => {
      const { left, right } = pair;
      if (left === undefined || right === undefined || !needsBytes(pair)) return decidePair(pair, undefined);
      const bytes =
        index < maxPairs
          ? await compareBytes(alignPaths(left, right), facts, limit)
          : { kind: 'unknown' as const, reason: `more than ${maxPairs} datasets: this one was not compared` };
      return decidePair(pair, bytes);
    }),
  );
  const code = compareCode(first.tags, second.tags);
  return {
    ...decideOutcome(first, second, pairs),
    ...{ first: shownRunOf(first), second: shownRunOf(second), pairs, code },
  };
}

function shownRunOf({ asked, run, unexplained }: ExaminedRun): ComparedRun {
  return { asked, run, unexplained: unexplained.map(({ name, digest }) => ({ name, digest })) };
}
