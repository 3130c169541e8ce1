import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Outage, outageAround, outages } from './harness/outage.js';
import { type SmallHistory, smallHistories } from './harness/small-history.js';
import {
  allTags,
  bytesAt,
  consumerLinks,
  guessesAtWhatIsGone,
  type NamedLink,
  playSmall,
  rest,
  type SmallWorld,
  stateOf,
  tell,
  verdict,
} from './harness/small-world.js';

let sandbox: Sandbox;
let clock = Date.now();
let repositories = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => clock });
});
afterAll(() => sandbox.close());

/** Each world has a repository of its own; ids of commits are the same all the same, since the clock is. */
function setting() {
  repositories += 1;
  return {
    sandbox,
    setClock: (ms: number) => {
      clock = ms;
    },
    repo: `order-${String(repositories).padStart(4, '0')}`,
  };
}

/** What the service comes to where every event comes at once and in order. */
async function golden(history: SmallHistory): Promise<SmallWorld> {
  let told = 0;
  const world = await playSmall(history, setting(), async (now) => {
    for (const commit of now.commits.slice(told)) tell(now, commit);
    told = now.commits.length;
    await now.runtime.drain();
    await now.runtime.sweep();
  });
  await rest(world);
  return world;
}

function certain(links: readonly NamedLink[]): readonly NamedLink[] {
  return links.filter(({ kind }) => kind !== 'inferred' && kind !== 'ambiguous');
}

/** What lies where a run is said to have read, but not for sure. */
function inferredBytes(world: SmallWorld, links: readonly NamedLink[]): Promise<readonly string[]> {
  const guesses = links.filter(({ kind }) => kind === 'inferred');
  return Promise.all(guesses.map(({ commit, path }) => bytesAt(world, commit, path)));
}

/** What becomes of events: which of the commits so far are told after each change, and whether a sweep runs. */
const deliveries = fc.array(
  fc.record({ commits: fc.array(fc.nat({ max: 7 }), { maxLength: 4 }), sweep: fc.boolean() }),
  { minLength: 9, maxLength: 9 },
);

const allLost = Array.from({ length: 9 }, () => ({ commits: [], sweep: false }));

/** The first run names a commit at a path where it holds nothing; what the second read is superseded. */
const nothingThere: SmallHistory = {
  changes: [
    { kind: 'commit', on: 'main', path: 'gold/train_v2/part', content: '1' },
    { kind: 'branch' },
    { kind: 'commit', on: 'main', path: 'gold/train_v2/part', content: '3' },
  ],
  runs: [
    { after: 3, says: 'source', path: 'gold/train.csv', back: 1, userTags: {} },
    { after: 1, says: 'source', path: 'gold/train_v2/part', back: 0, userTags: {} },
  ],
};

test('any order, duplication or loss of events gives the same tags', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallHistories, deliveries, async (history, plan) => {
      const seen = await golden(history);
      if (await guessesAtWhatIsGone(seen)) return;
      const expected = await stateOf(seen);
      const world = await playSmall(history, setting(), async (now, step) => {
        const { commits = [], sweep = false } = plan[step] ?? {};
        for (const index of commits) {
          const commit = now.commits[index];
          if (commit !== undefined) tell(now, commit);
        }
        if (sweep) await now.runtime.sweep();
      });
      await rest(world);
      expect(await stateOf(world)).toEqual(expected);
    }),
    { numRuns: 25, examples: [[nothingThere, allLost]] },
  );
});

test("a user's tags never change", { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallHistories, async (history) => {
      const world = await golden(history);
      for (const [index, tags] of world.written) expect(allTags(world, index)).toMatchObject(tags);
    }),
    { numRuns: 10 },
  );
});

test('wrong commit dates change nothing, except that a guess may become ambiguous', {
  timeout: 180_000,
}, async () => {
  const dates = fc.array(fc.nat({ max: 9_000 }), { minLength: 10, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(smallHistories, dates, async (history, shuffled) => {
      const before = await playSmall(history, setting());
      await rest(before);
      const after = await playSmall(history, { ...setting(), dates: shuffled });
      await rest(after);
      for (const index of history.runs.keys()) {
        const [known, now] = [consumerLinks(before, index), consumerLinks(after, index)];
        expect(certain(now)).toEqual(certain(known));
        if (certain(known).length === known.length)
          expect(verdict(after, index)).toEqual(verdict(before, index));
        // A commit that left the path alone may be taken for another: the bytes are the same.
        const bytes = await inferredBytes(before, known);
        for (const guess of await inferredBytes(after, now)) expect(bytes).toContainEqual(guess);
      }
    }),
    { numRuns: 20 },
  );
});

test('what cannot be read removes and changes nothing', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallHistories, outages, async (history, outage) => {
      const now: { outage: Outage | undefined } = { outage: undefined };
      const world = await playSmall(history, {
        ...setting(),
        lakefs: (client) => outageAround(client, () => now.outage),
      });
      await rest(world);
      const before = await stateOf(world);
      now.outage = outage;
      // Some work fails meanwhile, and waits. A process that has just started looks at all runs.
      world.runtime.restart();
      for (const commit of world.commits) tell(world, commit);
      await world.runtime.reconcile(world.repo);
      await world.runtime.sweep();
      await world.runtime.sweep();
      // The outage is over before anybody looks: what is compared is read from lakeFS, too.
      now.outage = undefined;
      expect(await stateOf(world)).toEqual(before);
      await rest(world);
      expect(await stateOf(world)).toEqual(before);
    }),
    { numRuns: 40 },
  );
});
