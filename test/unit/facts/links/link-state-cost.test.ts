import { describe, expect, test } from 'vitest';
import type { Link } from '../../../../src/contract/run.js';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { createLinkStates } from '../../../../src/facts/links/link-state.js';
import type { LakefsClient, LakefsCommit } from '../../../../src/lakefs/types.js';
import { installationFor } from '../../../support/service/settings.js';

const path = 'gold/train/';
const idOf = (number: number): string => number.toString(16).padStart(64, '0');

/**
 * A lakeFS that holds one straight line of commits and counts its requests. `versions` tells, for a commit's number,
 * which version of the path it has; everything else changes with every commit.
 */
function straightLine(length: number, versions: (number: number) => number) {
  const counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const numberOf = (id: string): number => Number.parseInt(id, 16);
  const heads = new Map([['main', length]]);
  const commitAt = (number: number): LakefsCommit => ({
    id: idOf(number),
    parents: number === 0 ? [] : [idOf(number - 1)],
    committer: 'ana',
    message: `commit ${number}`,
    creation_date: 1_700_000_000 + number,
    meta_range_id: `tree-${number}`,
    metadata: {},
    generation: number + 1,
  });
  const lakefs = {
    endpoint: 'http://lakefs.example',
    getRepository: async (id: string) => {
      count('getRepository');
      return { id, creation_date: 1, default_branch: 'main', storage_namespace: 'local://x' };
    },
    getCommit: async (_repository: string, ref: string) => {
      count('getCommit');
      return commitAt(numberOf(ref));
    },
    branches: async function* () {
      count('branches');
      for (const [id, number] of heads) yield { id, commit_id: idOf(number) };
    },
    mergeBase: async (_repository: string, left: string, right: string) => {
      count('mergeBase');
      return idOf(Math.min(numberOf(left), numberOf(right)));
    },
    log: async function* (_repository: string, ref: string, { limit = 1 }: { limit?: number }) {
      count('log');
      for (let number = numberOf(ref); number >= 0 && number > numberOf(ref) - limit; number -= 1)
        yield commitAt(number);
    },
    diff: async function* (_repository: string, left: string, right: string, { prefix = '' }) {
      count('diff');
      const differs = versions(numberOf(left)) !== versions(numberOf(right));
      if (differs && `${path}a`.startsWith(prefix)) {
        yield { type: 'changed', path: `${path}a`, path_type: 'object' } as const;
      }
    },
  } as unknown as LakefsClient;
  let now = 0;
  const settings = installationFor(
    { endpoint: 'http://lakefs.example', accessKeyId: 'a', secretAccessKey: 'b' },
    'http://127.0.0.1:1',
  );
  const clock = (): number => now;
  const facts = createLakefsFacts(lakefs, clock);
  const states = createLinkStates({ settings, lakefs, facts, now: clock });
  return {
    move: (number: number) => void heads.set('main', number),
    state: (number: number) =>
      states.ofLink({ ...someLink, commit: idOf(number), ref: idOf(number) }, undefined),
    /** The requests since the last call, by name. */
    spent: (): Record<string, number> => {
      const spent = Object.fromEntries(counts);
      counts.clear();
      return spent;
    },
    wait: (ms: number) => {
      now += ms;
    },
  };
}

const someLink: Link = {
  ...{ installation: 'default', repository: 'repo', commit: '', ref: '', path },
  ...{ where: 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
};

function total(spent: Record<string, number>): number {
  return Object.values(spent).reduce((sum, number) => sum + number, 0);
}

describe('the cost of a state', () => {
  test.each([100, 1_000, 10_000])('an event costs the same after %i commits', async (length) => {
    // The path changes with the last commit; a run read the version before, which is 20 commits old.
    const line = straightLine(length, (number) => (number >= length ? 2 : number > length - 20 ? 1 : 0));
    expect(await line.state(length - 10)).toMatchObject({
      status: 'superseded',
      because: { commit: idOf(length) },
    });
    const { diff = 0, log = 0, ...others } = line.spent();
    expect(others).toEqual({ getRepository: 1, getCommit: 1, branches: 1, mergeBase: 1 });
    expect(log).toBe(1);
    expect(diff).toBe(14);
  });

  test('a head that moves without touching the path costs one check per linked commit', async () => {
    const line = straightLine(1_000, () => 1);
    for (let number = 900; number < 1_000; number += 1) await line.state(number);
    line.spent();
    line.move(1_001);
    line.wait(20_000);
    for (let number = 900; number < 1_000; number += 1) await line.state(number);
    expect(line.spent()).toEqual({ branches: 1, mergeBase: 100, diff: 100 });
  });

  test('thousands of runs of one commit cost what one costs, and nothing while no head moves', async () => {
    const line = straightLine(1_000, (number) => (number >= 990 ? 2 : 1));
    await line.state(500);
    const first = total(line.spent());
    await Promise.all(Array.from({ length: 5_000 }, () => line.state(500)));
    expect(line.spent()).toEqual({});
    line.wait(20_000);
    await Promise.all(Array.from({ length: 5_000 }, () => line.state(500)));
    expect(line.spent()).toEqual({ branches: 1 });
    expect(first).toBeLessThan(60);
  });

  test.each([100, 1_000, 9_000])('a change %i commits ago is found in few reads', async (ago) => {
    const line = straightLine(10_000, (number) => (number > 10_000 - ago ? 2 : 1));
    expect(await line.state(10_000 - ago)).toMatchObject({
      status: 'superseded',
      because: { commit: idOf(10_001 - ago) },
    });
    const { diff = 0, log = 0 } = line.spent();
    expect(diff).toBeLessThanOrEqual(160);
    expect(log).toBeLessThanOrEqual(24);
  });

  test('where the change lies too far back no commit is named', async () => {
    const line = straightLine(12_000, (number) => (number > 100 ? 2 : 1));
    const state = await line.state(50);
    expect(state.status).toBe('superseded');
    expect(state).not.toHaveProperty('because');
  });
});
