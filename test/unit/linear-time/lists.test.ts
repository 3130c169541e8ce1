import { expect, test } from 'vitest';
import { consumptionOf } from '../../../src/domain/catalog/consumers.js';
import { decideLinks, withReadings } from '../../../src/domain/links/links.js';
import { planTags } from '../../../src/domain/links/tag-plan.js';
import { datasetPaths } from '../../../src/domain/paths/dataset-paths.js';
import type { Reference } from '../../../src/domain/references/reference.js';
import { referencesOf } from '../../../src/domain/references/reference.js';
import { pairLinks } from '../../../src/queries/compare/pair.js';
import { shownBranches } from '../../../src/queries/shared/words.js';
import { commitA, inputView, link, runView } from '../../support/runs/run-views.js';

/** In ms of the processor, for the largest of the sizes. */
const limit = 1_000;

function list<T>(length: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length }, (_, index) => make(index));
}

function commitOf(index: number): string {
  return index.toString(16).padStart(64, '0');
}

function reference(index: number, ref: string): Reference {
  const name = `dataset-${index}`;
  const address = { repository: 'repo', ref, path: `gold/${index}/` };
  const dataset = { digest: '0' };
  return { where: 'input', name, context: 'training', address, host: undefined, text: '', dataset };
}

/** What is made of many things, with the numbers of things. */
const works: readonly (readonly [string, readonly number[], (size: number) => () => unknown])[] = [
  [
    "a commit's objects, each in a directory of its own",
    [1_000, 10_000],
    (size) => {
      const changes = list(size, (index) => ({
        type: 'added' as const,
        path: `group-${index}/a/b/x.csv`,
        path_type: 'object' as const,
        size_bytes: 1,
      }));
      return () => datasetPaths(changes, { repository: 'repo', rules: [] });
    },
  ],
  [
    "a commit's objects in nested directories",
    [1_000, 10_000],
    (size) => {
      const changes = list(size, (index) => ({
        type: 'added' as const,
        path: `${'d/'.repeat(index % 100)}e-${index}/x.csv`,
        path_type: 'object' as const,
        size_bytes: 1,
      }));
      return () => datasetPaths(changes, { repository: 'repo', rules: [] });
    },
  ],
  [
    'the datasets of a run',
    [1_000, 10_000],
    (size) => {
      const run = runView({
        inputs: list(size, (index) => inputView(`s3://repo/${commitA}/gold/${index}/`)),
      });
      return () => referencesOf(run);
    },
  ],
  [
    'links of a run by commits',
    [1_000, 10_000],
    (size) => {
      const resolved = list(size, (index) => ({
        reference: reference(index, commitOf(index)),
        installation: 'default',
        commit: commitOf(index),
      }));
      return () => decideLinks(resolved, [], new Map());
    },
  ],
  [
    'links of a run by branches',
    [1_000, 10_000],
    (size) => {
      const readings = list(size, (index) => ({
        reference: reference(index, 'main'),
        installation: 'default',
        reading: { kind: 'inferred' as const, commit: commitOf(index), flags: [] },
        settled: false,
      }));
      return () => withReadings([], readings, new Map());
    },
  ],
  [
    'the tags of a run with many links',
    [10_000, 200_000],
    (size) => {
      const links = list(size, (index) =>
        link({ commit: commitOf(index % 300), path: `gold/${index % 300}/` }),
      );
      const run = runView();
      return () => planTags(run, links.slice(0, size), () => ({ branch: 'main', status: 'current' }));
    },
  ],
  [
    'the runs that read a commit',
    [10_000, 100_000],
    (size) => {
      const runs = list(size, (index) =>
        runView({ id: `run-${index}`, tags: { lakefs_repo: 'repo', lakefs_commit: commitA } }),
      );
      return () => consumptionOf(runs, { installation: 'default', repository: 'repo', commit: commitA });
    },
  ],
  [
    'what two runs read, compared',
    [1_000, 10_000],
    (size) => {
      const side = (start: string) =>
        list(size, (index) =>
          link({ name: `${start}-${index}`, path: `${start}/${index}/`, context: start }),
        );
      const [left, right] = [side('left'), side('right')];
      return () => pairLinks(left, right);
    },
  ],
  [
    'the branches that hold a change',
    [10_000, 100_000],
    (size) => {
      const branches = list(size, (index) => ({ branch: `b-${index}`, reach: 'itself' as const }));
      return () => shownBranches(branches as never);
    },
  ],
];

test.each(works)('%s: %j are handled within a second of the processor', (_name, sizes, make) => {
  for (const size of sizes) {
    const work = make(size);
    let best = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 3 && best > limit; turn += 1) {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1_000);
    }
    expect(best, `${size} of them`).toBeLessThanOrEqual(limit);
  }
});
