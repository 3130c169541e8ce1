import type { Installation } from '../../config/types.js';
import { type ReferenceRules, referenceRules } from '../../domain/references/reference-rules.js';
import { hostsOf } from '../links/resolve.js';

/** Runs are read before it is known whose repositories they name: the lists of all installations count together. */
export function rulesOf(installations: readonly Installation[]): ReferenceRules {
  return referenceRules({
    s3Domains: installations.flatMap(({ lakefs }) => lakefs.s3Domains),
    hosts: installations.flatMap((settings) => [...hostsOf(settings)]),
    keys: installations.flatMap(({ referenceKeys }) => referenceKeys),
    outputWords: installations.flatMap(({ outputWords }) => outputWords),
  });
}
