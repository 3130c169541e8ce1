import { createInstallations } from '../../src/config/installations.js';
import { readLinksTag } from '../../src/contract/links-tag.js';
import { proposeTags } from '../../src/facts/links/propose.js';
import { createServerFacts } from '../../src/facts/links/server.js';
import type { LakefsClient } from '../../src/lakefs/types.js';
import type { MlflowClients } from '../../src/mlflow/clients.js';
import type { Run } from '../../src/mlflow/types.js';
import { installationFor, type LakefsAddress } from '../support/service/settings.js';

/** What one library's script logged: with the line that docs/references.md tells to add, and without. */
export interface Recorded {
  readonly packages: readonly string[];
  /** The objects of the commit that it read. */
  readonly objects: readonly string[];
  readonly plain: Run;
  readonly line: Run;
}

/** What we make of a run: kind and path of each link and whether it is certain, or `nothing`. */
export async function readingOf(
  run: Run,
  at: {
    readonly lakefs: LakefsAddress;
    readonly client: LakefsClient;
    readonly mlflow: MlflowClients;
    readonly now?: () => number;
  },
): Promise<string> {
  // The data is committed seconds before it is read: with the usual margin every branch would be ambiguous.
  const settings = installationFor(at.lakefs, at.mlflow.trackingUri, { startMarginMs: 0 });
  const facts = createServerFacts(
    {
      name: 'default',
      mlflow: at.mlflow,
      installations: createInstallations([{ settings, lakefs: at.client }]),
    },
    at.now ?? Date.now,
  );
  const proposal = await proposeTags(run, facts);
  if (proposal.kind === 'leave') return 'nothing';
  const { links } = readLinksTag(proposal.plan.set);
  if (links.length === 0) return 'nothing';
  return links
    .map(({ kind, path, certain }) =>
      [`${kind} ${path}`.trimEnd(), certain ? 'certain' : 'not certain'].join(', '),
    )
    .join('; ');
}
