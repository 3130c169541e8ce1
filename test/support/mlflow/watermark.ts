import type { MlflowClients } from '../../../src/mlflow/clients.js';
import { replaced } from '../replaced.js';

/**
 * The same clients, to which nobody has swept before. How far sweeps have come is kept on the server, which tests share,
 * and a test whose clock was put forward leaves a time that others have yet to reach.
 */
export function withoutWatermark(clients: MlflowClients): MlflowClients {
  const { experiments } = clients;
  const searchExperiment: typeof experiments.searchExperiment = async (...given) => {
    const page = await experiments.searchExperiment(...given);
    const found = (page.experiments ?? []).map(({ tags = [], ...experiment }) => ({
      ...experiment,
      tags: tags.filter(({ key }) => key !== 'lakefs.swept_until'),
    }));
    return { ...page, experiments: found };
  };
  return { ...clients, experiments: replaced(experiments, 'searchExperiment', searchExperiment) };
}
