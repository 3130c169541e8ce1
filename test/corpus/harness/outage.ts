import fc from 'fast-check';
import { LakefsError } from '../../../src/lakefs/errors.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';

/** Some reads of lakeFS are answered so. */
export interface Outage {
  readonly reads: readonly string[];
  readonly answer: { readonly status?: number; readonly code?: string };
}

const reads = [
  'getRepository',
  'getCommit',
  'log',
  'branches',
  'getBranch',
  'tags',
  'getTag',
  'diff',
  'uncommitted',
  'mergeBase',
  'objects',
  'statObject',
];

export const outages: fc.Arbitrary<Outage> = fc.record({
  reads: fc.oneof(fc.constant(reads), fc.subarray(reads, { minLength: 1 })),
  answer: fc.constantFrom<Outage['answer']>(
    { status: 401 },
    { status: 403 },
    { status: 404 },
    { status: 500 },
    { code: 'ETIMEDOUT' },
  ),
});

/** The same client, whose reads fail while there is an outage. */
export function outageAround(client: LakefsClient, outage: () => Outage | undefined): LakefsClient {
  return new Proxy(client, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || !reads.includes(String(name))) return method;
      return (...given: unknown[]) => {
        const now = outage();
        if (now === undefined || !now.reads.includes(String(name)))
          return Reflect.apply(method, target, given);
        return refused(
          new LakefsError({
            name: 'lakeFS',
            method: 'GET',
            url: `${client.endpoint}/api/v1/repositories/${given[0]}/${String(name)}`,
            ...now.answer,
            json: { message: 'not now' },
          }),
        );
      };
    },
  });
}

/** Rejects, or throws at the first step of a listing. */
function refused(error: Error): unknown {
  const rejected = Promise.reject(error);
  rejected.catch(() => undefined);
  return Object.assign(rejected, { [Symbol.asyncIterator]: () => ({ next: () => rejected }) });
}
