import type { LakefsClient } from '../../../src/lakefs/types.js';
import type { MlflowClients } from '../../../src/mlflow/clients.js';

/** A promise is waited for; what it comes to does not matter. */
type Watch = (method: string, call: number) => unknown;

/**
 * The same clients; `before` is called ahead of each call with the number that the call has, from 1, and may throw,
 * `after` once it is answered.
 */
export function watched(mlflow: MlflowClients, before: Watch, after: Watch = () => undefined): MlflowClients {
  let calls = 0;
  const wrap = <T extends object>(client: T): T =>
    new Proxy(client, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          calls += 1;
          const call = calls;
          await before(String(property), call);
          try {
            const answer: unknown = await Reflect.apply(value, target, given);
            return answer;
          } finally {
            await after(String(property), call);
          }
        };
      },
    });
  return {
    ...mlflow,
    experiments: wrap(mlflow.experiments),
    runs: wrap(mlflow.runs),
    models: wrap(mlflow.models),
    versions: wrap(mlflow.versions),
    loggedModels: wrap(mlflow.loggedModels),
  };
}

/** The same client, but for one read, which fails with what `error` makes wherever `when` says so. */
export function failingRead(
  lakefs: LakefsClient,
  read: keyof LakefsClient,
  error: () => Error,
  when: (given: readonly unknown[]) => boolean = () => true,
): LakefsClient {
  const plain = lakefs[read];
  if (typeof plain !== 'function') throw new Error(`${read} is no method`);
  return {
    ...lakefs,
    [read]: (...given: unknown[]) => (when(given) ? rejecting(error()) : Reflect.apply(plain, lakefs, given)),
  };
}

/** Rejects, or throws at the first step of a listing. */
function rejecting(error: Error): Promise<never> & AsyncIterable<never> {
  const rejected = Promise.reject(error);
  rejected.catch(() => undefined);
  return Object.assign(rejected, {
    [Symbol.asyncIterator]: () => ({ next: () => rejected }),
  });
}
