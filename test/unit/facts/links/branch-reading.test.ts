import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { parseRefName } from '../../../../src/domain/references/lakefs-names.js';
import { createLakefsFacts } from '../../../../src/facts/commits/lakefs-facts.js';
import { readBranch } from '../../../../src/facts/links/branch-reading.js';
import { createLakefsClient } from '../../../../src/lakefs/client.js';
import { LakefsError } from '../../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import { startSandbox } from '../../../../src/sandbox/index.js';
import { failingRead } from '../../../support/jobs/watched.js';
import { commitObject, newRepository } from '../../../support/lakefs/lakefs.js';
import { runView } from '../../../support/runs/run-views.js';

/** The clock of lakeFS and ours: seconds since the repository was made. */
const made = 1_700_000_000_000;
let seconds = 0;
const sandbox = await startSandbox({ env: {}, now: () => made + seconds * 1_000 });
const client = createLakefsClient(sandbox);
afterAll(() => sandbox.close());

let repository = '';
let first = '';
beforeEach(async () => {
  seconds = 0;
  repository = await newRepository(client);
  first = await at(100, () => commit('gold/x.csv', '1'));
});

async function at<T>(time: number, work: () => Promise<T>): Promise<T> {
  seconds = time;
  return work();
}

const commit = (path: string, content: string) => commitObject(client, repository, 'main', path, content);
const stage = (path: string, content: string) => client.uploadObject(repository, 'main', path, content);

type RunTimes = Parameters<typeof runView>[0];

function ran(start: number, end?: number): RunTimes {
  const ended = end !== undefined;
  return {
    startTime: made + start * 1_000,
    endTime: ended ? made + end * 1_000 : undefined,
    terminal: ended,
  };
}

/** What a run read by `main`, as a process that has just started finds out. */
async function read(
  run: RunTimes,
  {
    ref = 'main',
    path = 'gold/',
    lakefs = client,
  }: { ref?: string; path?: string; lakefs?: LakefsClient } = {},
): Promise<string> {
  const now = () => made + seconds * 1_000;
  const name = parseRefName(ref);
  if (name === undefined) throw new Error(`no ref: ${ref}`);
  const facts = createLakefsFacts(lakefs, now);
  const clock = { marginMs: 60_000, nowMs: now() };
  const reading = await readBranch(runView(run), { repository, name, path }, facts, clock);
  if (reading.kind === 'none') return `none: ${reading.reason}`;
  return [reading.kind, names.get(reading.commit) ?? 'another', ...reading.flags].join(', ');
}

const names = new Map<string, string>();
beforeEach(() => {
  names.clear();
  names.set(first, 'first');
});

async function named(name: string, work: Promise<string>): Promise<string> {
  const id = await work;
  names.set(id, name);
  return id;
}

describe('a branch', () => {
  test('whose data stood still is read at its head of then, however much has come since', async () => {
    for (let n = 0; n < 5; n += 1) await at(1_000 + n, () => commit('gold/x.csv', `later ${n}`));
    expect(await read(ran(500, 600))).toBe('inferred, first');
  });

  test('that got other data while the run ran is ambiguous', async () => {
    await at(550, () => commit('gold/x.csv', '2'));
    expect(await read(ran(500, 600))).toBe('ambiguous, first, path changed');
  });

  test('that got other data less than the margin before the start is ambiguous', async () => {
    await named(
      'second',
      at(450, () => commit('gold/x.csv', '2')),
    );
    seconds = 9_000;
    expect(await read(ran(500, 600))).toBe('ambiguous, second, path changed');
    expect(await read(ran(512, 600))).toBe('inferred, second');
  });

  test('whose data was changed and changed back in the meantime is ambiguous', async () => {
    await at(550, () => commit('gold/x.csv', '2'));
    await at(560, () => commit('gold/x.csv', '1'));
    expect(await read(ran(500, 600))).toBe('ambiguous, first, path changed');
  });

  test('that got other data elsewhere only is read at its head of the start', async () => {
    await named(
      'second',
      at(480, () => commit('gold_v2/x.csv', '2')),
    );
    await at(550, () => commit('silver/x.csv', '2'));
    seconds = 9_000;
    expect(await read(ran(500, 600))).toBe('inferred, second');
    expect(await read(ran(500, 600), { path: '' })).toBe('ambiguous, second, path changed');
    expect(await read(ran(500, 600), { path: 'gold/x.csv' })).toBe('inferred, second');
    expect(await read(ran(500, 600), { path: 'gold' })).toBe('inferred, second');
  });

  test('that got its data by a merge in the meantime is ambiguous', async () => {
    await client.createBranch(repository, { name: 'exp', source: 'main' });
    await at(200, () => commitObject(client, repository, 'exp', 'gold/y.csv', 'y'));
    await at(550, () => client.merge(repository, 'exp', 'main'));
    expect(await read(ran(500, 600))).toBe('ambiguous, first, path changed');
    seconds = 900;
    expect(await read(ran(300, 400))).toBe('inferred, first');
  });

  test('of a running run is considered up to now', async () => {
    seconds = 700;
    expect(await read(ran(500))).toBe('inferred, first');
    expect(await read({ ...ran(500, 550), terminal: false })).toBe('inferred, first');
    await at(750, () => commit('gold/x.csv', '2'));
    expect(await read(ran(500))).toBe('ambiguous, first, path changed');
    expect(await read({ ...ran(500, 550), terminal: false })).toBe('ambiguous, first, path changed');
    expect(await read(ran(500, 550))).toBe('inferred, first');
  });

  test('that is younger than the run was not read by it', async () => {
    seconds = 9_000;
    expect(await read(ran(-500, -400))).toContain('none: branch "main"');
  });

  test('that does not hold the path is not read: a bucket may be called so', async () => {
    seconds = 9_000;
    expect(await read(ran(500, 600), { path: 'gold_v2/' })).toContain('none: branch "main"');
    expect(await read(ran(500, 600), { path: 'gol' })).toContain('none: ');
  });

  test('that held the path later only is not read by an earlier run', async () => {
    await at(1_000, () => commit('new/x.csv', '2'));
    expect(await read(ran(500, 600), { path: 'new/' })).toContain('none: ');
  });

  test('that lost its data after the run was read', async () => {
    await at(700, async () => {
      await client.deleteObject(repository, 'main', 'gold/x.csv');
      await client.commit(repository, 'main', { message: 'gone' });
    });
    expect(await read(ran(500, 600))).toBe('inferred, first');
  });

  test('of a run without times, or with times of the future, is ambiguous', async () => {
    seconds = 700;
    expect(await read({ startTime: undefined, endTime: undefined })).toBe('ambiguous, first, no start time');
    expect(await read(ran(5_000, 6_000))).toBe('ambiguous, first, start in the future');
    expect(await read({ startTime: undefined }, { path: 'none/' })).toContain('none: ');
  });
});

describe('what is not committed', () => {
  test('and is under the path makes the reading of a running run ambiguous', async () => {
    await at(200, () => stage('gold/y.csv', 'y'));
    seconds = 700;
    expect(await read(ran(500))).toBe('ambiguous, first, uncommitted changes');
    expect(await read(ran(500), { ref: 'main@' })).toBe('inferred, first');
    expect(await read(ran(500), { path: 'gold/x.csv' })).toBe('inferred, first');
  });

  test('and was staged before the end makes it ambiguous, whether it is committed by now or not', async () => {
    await at(550, () => stage('gold/y.csv', 'y'));
    seconds = 700;
    expect(await read(ran(500, 600))).toBe('ambiguous, first, uncommitted changes');
    await at(800, () => client.commit(repository, 'main', { message: 'y' }));
    expect(await read(ran(500, 600))).toBe('ambiguous, first, uncommitted changes');
    expect(await read(ran(500, 600), { path: 'gold/x.csv' })).toBe('inferred, first');
    expect(await read(ran(500, 540))).toBe('inferred, first');
  });

  test('and was staged after the end does not', async () => {
    await at(650, () => stage('gold/y.csv', 'y'));
    seconds = 700;
    expect(await read(ran(500, 600))).toBe('inferred, first');
    await at(800, () => client.commit(repository, 'main', { message: 'y' }));
    expect(await read(ran(500, 600))).toBe('inferred, first');
  });

  test('and is all that there was is a reading of no certain commit', async () => {
    await at(550, () => stage('new/y.csv', 'y'));
    seconds = 700;
    expect(await read(ran(500, 600), { path: 'new/' })).toBe('ambiguous, first, uncommitted changes');
    expect(await read(ran(500), { ref: 'main$' })).toBe('ambiguous, first, uncommitted changes');
  });

  test('and came by a merge was never staged there', async () => {
    await client.createBranch(repository, { name: 'exp', source: 'main' });
    await at(550, () => commitObject(client, repository, 'exp', 'gold/y.csv', 'y'));
    await at(700, () => client.merge(repository, 'exp', 'main', { squash_merge: true }));
    expect(await read(ran(500, 600))).toBe('inferred, first');
  });
});

describe('dates that callers set', () => {
  const dated = async (path: string, content: string, date: number): Promise<string> => {
    await stage(path, content);
    return (await client.commit(repository, 'main', { message: 'dated', date: made / 1_000 + date })).id;
  };

  test('a commit that is dated back into the time before the run does not become its link', async () => {
    await at(1_000, () => dated('gold/x.csv', '2', 300));
    expect(await read(ran(500, 600))).toBe('ambiguous, another, dates in doubt');
  });

  test('a commit that is dated ahead of the run does not hide what it read', async () => {
    await at(300, () => dated('gold/x.csv', '2', 5_000));
    seconds = 9_000;
    expect(await read(ran(500, 600))).toBe('ambiguous, first, uncommitted changes');
  });

  test('dates that contradict the order are believed by nobody', async () => {
    await at(700, () => commit('silver/x.csv', '2'));
    await at(800, () => dated('silver/x.csv', '3', 200));
    expect(await read(ran(500, 600))).toBe('ambiguous, another, dates in doubt');
  });
});

describe('a parent of the head', () => {
  test('moves as the head does', async () => {
    await named(
      'second',
      at(200, () => commit('silver/x.csv', '2')),
    );
    seconds = 900;
    expect(await read(ran(500, 600), { ref: 'main~1' })).toBe('inferred, first');
    expect(await read(ran(500, 600), { ref: 'main^0' })).toBe('inferred, second');
    await at(950, () => commit('gold/x.csv', '3'));
    await at(960, () => commit('gold/x.csv', '4'));
    expect(await read(ran(500, 600), { ref: 'main~1' })).toBe('inferred, first');
    seconds = 2_000;
    expect(await read(ran(958, 980), { ref: 'main~1' })).toContain('path changed');
  });

  test('that is not there was not read', async () => {
    seconds = 900;
    expect(await read(ran(500, 600), { ref: 'main~9' })).toContain('leads past the first commit');
    expect(await read(ran(500, 600), { ref: 'main^2' })).toContain('leads past the first commit');
  });
});

describe('what lakeFS names but answers 404 for', () => {
  test.each(['log', 'objects', 'diff', 'uncommitted'] as const)(
    '%s: passes, and proves nothing',
    async (call) => {
      await at(550, () => commit('silver/x.csv', '2'));
      seconds = 9_000;
      const error = () =>
        new LakefsError({
          name: 'lakeFS',
          method: 'GET',
          url: 'http://x/',
          status: 404,
          json: { message: 'no' },
        });
      const lakefs = failingRead(client, call, error);
      await expect(read(ran(500, 600), { lakefs })).rejects.toMatchObject({ failure: { kind: 'transient' } });
    },
  );
});

test('the runs of a branch share what is read of it', async () => {
  for (let n = 0; n < 250; n += 1) await at(200 + n, () => commit('other/x.csv', String(n)));
  seconds = 9_000;
  let requests = 0;
  const counting = new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        requests += 1;
        return Reflect.apply(value, target, given);
      };
    },
  });
  const facts = createLakefsFacts(counting, () => made + seconds * 1_000);
  const name = parseRefName('main')!;
  const reads = Array.from({ length: 200 }, (_, n) =>
    readBranch(runView(ran(1_000 + n, 1_200 + n)), { repository, name, path: 'gold/' }, facts, {
      marginMs: 60_000,
      nowMs: made + seconds * 1_000,
    }),
  );
  expect(new Set((await Promise.all(reads)).map(({ kind }) => kind))).toEqual(new Set(['inferred']));
  // The head, two pages of its log, the path, and what is staged.
  expect(requests).toBeLessThanOrEqual(5);
});
