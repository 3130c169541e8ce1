import { createInstallations } from '../../../src/config/installations.js';
import type { Installation } from '../../../src/config/types.js';
import type { Link } from '../../../src/contract/run.js';
import { type Proposal, proposeTags } from '../../../src/facts/links/propose.js';
import { createServerFacts } from '../../../src/facts/links/server.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { ApiError } from '../../../src/mlflow/api-error.js';
import type { Run } from '../../../src/mlflow/types.js';
import { trainingMlflow } from '../mlflow/training-mlflow.js';
import { installationFor, type LakefsAddress } from '../service/settings.js';

export type Values = Readonly<Record<string, string>>;

/** A finished run as MLflow answers with it. */
export function makeRun(
  id: string,
  parts: { tags?: Values; params?: Values; sources?: readonly string[] },
): Run {
  const pairs = (values: Values = {}) => Object.entries(values).map(([key, value]) => ({ key, value }));
  return {
    info: { run_id: id, experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' },
    data: { tags: pairs(parts.tags), params: pairs(parts.params) },
    inputs: {
      dataset_inputs: (parts.sources ?? []).map((uri, n) => ({
        dataset: {
          name: `input-${n}`,
          digest: 'e24a8c4a',
          source_type: 's3',
          source: JSON.stringify({ uri }),
        },
      })),
    },
  } as unknown as Run;
}

/** The run with the tags that were proposed for it. */
export function withTags(run: Run, proposal: Proposal): Run {
  if (proposal.kind !== 'tags') throw new Error(proposal.reason);
  const tags = new Map((run.data.tags ?? []).map(({ key, value }) => [key, value]));
  for (const [key, value] of proposal.plan.set) tags.set(key, value);
  for (const key of proposal.plan.remove) tags.delete(key);
  return { ...run, data: { ...run.data, tags: [...tags].map(([key, value]) => ({ key, value })) } };
}

/**
 * Proposes as a process that has just started, over these runs of MLflow; a missing one answers with `status`.
 */
export function proposer(server: LakefsAddress, client: LakefsClient) {
  return (
    run: Run,
    others: readonly Run[] = [],
    {
      lakefs = client,
      status = 404,
      settings: parts = {},
    }: { lakefs?: LakefsClient; status?: number; settings?: Partial<Installation> } = {},
  ): Promise<Proposal> => {
    const mlflow = trainingMlflow({
      searchRuns: async () => ({ runs: [run] }),
      getRun: async (id: string) => {
        const found = others.find(({ info }) => info.run_id === id);
        if (found !== undefined) return found;
        const code = status === 404 ? 'RESOURCE_DOES_NOT_EXIST' : 'PERMISSION_DENIED';
        const url = 'http://mlflow.example/api/2.0/mlflow/runs/get';
        throw new ApiError({
          method: 'GET',
          url,
          status,
          json: { error_code: code, message: 'no' },
        } as never);
      },
    });
    const settings = installationFor(server, mlflow.trackingUri, parts);
    const facts = createServerFacts(
      { name: 'default', mlflow, installations: createInstallations([{ settings, lakefs }]) },
      Date.now,
    );
    return proposeTags(run, facts);
  };
}

/** Throws where nothing is proposed. */
export function linksOf(proposal: Proposal): readonly Link[] {
  if (proposal.kind !== 'tags') throw new Error(proposal.reason);
  return proposal.examination.links;
}
