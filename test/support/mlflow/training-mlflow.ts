import type { MlflowClients } from '../../../src/mlflow/clients.js';
import { createSearchScope } from '../../../src/mlflow/search-scope.js';

/** An MLflow that has one experiment that is looked at, with the id 1, and these calls for runs; it knows no others. */
export function trainingMlflow(runs: object): MlflowClients {
  return {
    trackingUri: 'http://127.0.0.1:1',
    searchScope: createSearchScope(),
    version: async () => '3.17.2',
    whenFree: async () => undefined,
    experiments: {
      searchExperiment: async () => ({
        experiments: [{ experiment_id: '1', name: 'training', lifecycle_stage: 'active' }],
      }),
    },
    runs,
  } as unknown as MlflowClients;
}
