import type { MlflowClients } from '../../src/mlflow/clients.js';

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
  const hidden = new Proxy(experiments, {
    get: (target, key) => {
      if (key === 'searchExperiment') return searchExperiment;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...clients, experiments: hidden };
}
