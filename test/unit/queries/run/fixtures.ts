import type { Address } from '../../../../src/domain/references/address.js';
import { fixLines } from '../../../../src/queries/run/advice.js';
import type { RunLineage } from '../../../../src/queries/run/schema.js';
import { explainEvidence } from '../../../../src/queries/shared/evidence.js';
import type { CommitAnswer, LinkAnswer, ReferenceAnswer } from '../../../../src/queries/shared/schema.js';
import { certainty } from '../../../../src/queries/shared/words.js';
import { commitA, link } from '../../../support/runs/run-views.js';

export function commitAt(parts: Partial<CommitAnswer> = {}): CommitAnswer {
  const { repository = 'repo', commit = commitA } = parts;
  return {
    installation: 'default',
    repository,
    branch: 'main',
    commit,
    found: true,
    message: 'Add data\n\nmore',
    committer: 'ana',
    date: '2025-10-09T08:53:20.000Z',
    page: `https://lakefs.example/repositories/${repository}/commits/${commit}`,
    ...parts,
  };
}

export function foundLink(
  parts: Parameters<typeof link>[0] = {},
  place: Partial<CommitAnswer> = {},
  kept: string | null = null,
): LinkAnswer {
  const made = link(parts);
  return {
    ...commitAt({ repository: made.repository, commit: made.commit, ...place }),
    ...made,
    context: made.context ?? null,
    explanation: `${certainty(made)}: ${explainEvidence(made)}`,
    kept,
    status: 'current',
    because: null,
    statusReason: 'nothing of it has changed on main',
    sameAs: [],
  };
}

export function reference(parts: Partial<ReferenceAnswer> = {}): ReferenceAnswer {
  return {
    ...{ where: 'input', name: 'train', context: 'training', run: null, text: `s3://repo/${commitA}/gold/` },
    ...{ repository: 'repo', ref: commitA, path: 'gold/' },
    ...{ verdict: 'commit', commit: commitA, installation: 'default', reason: null },
    ...parts,
  };
}

/** What makes a reference one that leads nowhere. */
export function unused(reason: string): Partial<ReferenceAnswer> {
  return { verdict: 'none', commit: null, installation: null, reason };
}

export function lineage({ hint, ...parts }: Partial<RunLineage> & { hint?: Address } = {}): RunLineage {
  const { links = [], catalog } = parts;
  const mend = catalog === undefined ? fixLines('f'.repeat(32), links, hint) : undefined;
  return {
    kind: catalog === undefined ? 'run' : 'catalog',
    known: catalog !== undefined || links.length > 0,
    run: {
      id: 'f'.repeat(32),
      name: 'boats',
      experimentId: '7',
      experiment: 'training',
      status: 'FINISHED',
      deleted: false,
      startTime: '2025-10-09T08:53:20.000Z',
      endTime: '2025-10-09T08:54:20.000Z',
      page: 'https://mlflow.example/#/experiments/7/runs/f',
    },
    notes: [],
    links,
    references: [],
    made: { versions: [], loggedModels: [], produced: [] },
    ...(mend === undefined ? {} : { mend }),
    ...parts,
  };
}
