import type { FoundLink, Lineage } from '../../../../src/queries/run/types.js';
import type { CommitPlace, LookedAt } from '../../../../src/queries/shared/types.js';
import { commitA, link } from '../../../support/runs/run-views.js';

export function commitAt(parts: Partial<CommitPlace> = {}): CommitPlace {
  const { repository = 'repo', commit = commitA } = parts;
  return {
    repository,
    commit,
    server: { installation: 'default', endpoint: 'http://lakefs:8000', publicUrl: 'https://lakefs.example' },
    facts: {
      id: commit,
      parents: [],
      committer: 'ana',
      message: 'Add data\n\nmore',
      creation_date: 1_760_000_000,
      meta_range_id: 'm',
      metadata: {},
    },
    branch: 'main',
    ...parts,
  };
}

export function foundLink(
  parts: Parameters<typeof link>[0] = {},
  place: Partial<CommitPlace> = {},
  kept?: string,
): FoundLink {
  const made = link(parts);
  return {
    link: made,
    place: commitAt({ repository: made.repository, commit: made.commit, ...place }),
    kept,
    state: { status: 'current', reason: 'nothing of it has changed on main' },
    sameAs: [],
  };
}

export function reference(parts: Partial<LookedAt> = {}): LookedAt {
  return {
    where: 'input',
    name: 'train',
    context: 'training',
    text: `s3://repo/${commitA}/gold/`,
    address: { repository: 'repo', ref: commitA, path: 'gold/' },
    verdict: { kind: 'commit', installation: 'default', commit: commitA },
    ...parts,
  };
}

export function lineage(parts: Partial<Lineage> = {}): Lineage {
  return {
    model: undefined,
    run: {
      id: 'f'.repeat(32),
      name: 'boats',
      experimentId: '7',
      experiment: 'training',
      status: 'FINISHED',
      deleted: false,
      startTime: 1_760_000_000_000,
      endTime: 1_760_000_060_000,
      page: 'https://mlflow.example/#/experiments/7/runs/f',
    },
    notes: [],
    catalog: undefined,
    links: [],
    references: [],
    made: { versions: [], loggedModels: [], produced: [] },
    hint: undefined,
    ...parts,
  };
}
