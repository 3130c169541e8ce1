import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryCommit } from '../../../../src/domain/sync/reconcile.js';
import { createCommitGraph } from '../../../../src/facts/commits/commit-graph.js';
import { createHistoryWalk, type HistoryWalk } from '../../../../src/facts/commits/history-walk.js';
import type { LakefsClient } from '../../../../src/lakefs/types.js';
import { ancestors, byId, histories } from '../../../support/lakefs/histories.js';
import { line, type ScriptedLakefs, scriptedLakefs } from '../../../support/lakefs/scripted-history.js';

const signal = new AbortController().signal;

function lakefsWith(commits: readonly HistoryCommit[]): ScriptedLakefs {
  return scriptedLakefs(byId(commits));
}

function walkOf(client: LakefsClient, until = signal): HistoryWalk {
  return createHistoryWalk(createCommitGraph(client, Date.now), 'repo', until);
}

describe('the history above what is settled', () => {
  test('is, in any history, all that no settled commit has in its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.nat(),
        async ({ commits }, drawn, at) => {
          const known = byId(commits);
          const complete = new Set(drawn.map((index) => commits[index % commits.length]?.id ?? ''));
          const head = commits[at % commits.length]?.id ?? '';
          const history = walkOf(lakefsWith(commits).client);
          const ends = { isSettled: (id: string) => complete.has(id), isEdge: () => false };
          const { found } = await history.above(head, ends, { anchors: [...complete] });
          const covered = ancestors(known, complete);
          expect(new Set(found.map(({ id }) => id))).toEqual(
            new Set([...ancestors(known, [head])].filter((id) => !covered.has(id))),
          );
        },
      ),
    );
  });

  test.each([100, 1_000, 10_000])('costs one request with a history of %i commits', async (length) => {
    const { client, asked } = lakefsWith(line(length));
    const cameFrom = `c${length - 3}`;
    const ends = { isSettled: (id: string) => id === cameFrom, isEdge: () => false };
    const history = walkOf(client);
    const { found } = await history.above(`c${length - 1}`, ends, { anchors: [cameFrom], cameFrom });
    expect(found.map(({ id }) => id)).toEqual([`c${length - 2}`, `c${length - 1}`]);
    expect(asked).toEqual({ log: 1 });
  });

  test.each([100, 1_000, 10_000])(
    'costs some requests for a branch made from an old commit of %i',
    async (length) => {
      const commits = [...line(length), { id: 'new', parents: ['c50'], creation_date: 1 }];
      const { client, asked } = lakefsWith(commits);
      const anchor = `c${length - 1}`;
      const ends = { isSettled: (id: string) => id === anchor, isEdge: () => false };
      const { found, stops } = await walkOf(client).above('new', ends, {
        anchors: [anchor],
      });
      expect([found.map(({ id }) => id), stops]).toEqual([['new'], ['c50']]);
      expect(asked.log).toBe(1);
      expect(asked.mergeBase).toBeLessThanOrEqual(6);
    },
  );

  test('reads 10,000 missed commits in pages of 1,000', async () => {
    const { client, asked } = lakefsWith(line(10_001));
    const ends = { isSettled: (id: string) => id === 'c0', isEdge: () => false };
    const { found } = await walkOf(client).above('c10000', ends, { anchors: ['c0'] });
    expect(found).toHaveLength(10_000);
    expect(asked.log).toBe(11);
  });

  test('is not read again for the next branch that comes from there', async () => {
    const commits = [...line(60), { id: 'x', parents: ['c59'], creation_date: 1 }];
    const { client, asked } = lakefsWith(commits);
    const ends = { isSettled: (id: string) => id === 'c50', isEdge: () => false };
    const history = walkOf(client);
    await history.above('c59', ends, { anchors: ['c50'] });
    const { found } = await history.above('x', ends, { anchors: ['c50'] });
    expect(found).toHaveLength(10);
    expect(asked.log).toBe(2);
  });

  test('stops reading where the job is aborted', async () => {
    const stopped = new AbortController();
    stopped.abort(new Error('stop'));
    const history = walkOf(lakefsWith(line(5)).client, stopped.signal);
    const ends = { isSettled: () => false, isEdge: () => false };
    await expect(history.above('c4', ends, { anchors: [] })).rejects.toThrow('stop');
  });
});
