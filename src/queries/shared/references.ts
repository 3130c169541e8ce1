import type { Link } from '../../contract/run.js';
import type { Examination } from '../../facts/links/examine.js';
import type { ReferenceAnswer } from './schema.js';

/** What a run says about data, with what became of it. */
export function judgedReferences({ judged }: Pick<Examination, 'judged'>): readonly ReferenceAnswer[] {
  return judged.map(({ reference, verdict }) => {
    const { where, name, context, run, text, address } = reference;
    return {
      ...{ where, name, context: context ?? null, run: run ?? null, text },
      ...{ repository: address.repository, ref: address.ref, path: address.path, verdict: verdict.kind },
      commit: verdict.kind === 'commit' ? verdict.commit : null,
      installation: verdict.kind === 'commit' ? verdict.installation : null,
      reason: verdict.kind === 'none' ? verdict.reason : null,
    };
  });
}

/** What a run says that is no address of data. */
export function unusedReference(
  { where, name, text, run }: Pick<ReferenceAnswer, 'where' | 'name' | 'text'> & { readonly run?: string },
  reason: string,
): ReferenceAnswer {
  return {
    ...{ where, name, context: null, run: run ?? null, text, repository: null, ref: null, path: null },
    ...{ verdict: 'none', commit: null, installation: null, reason },
  };
}

/** Why a link cannot be checked now: one whose commit no reference leads to any more was found earlier. */
export function keptReason(link: Link, references: readonly ReferenceAnswer[]): string | undefined {
  let kept = 'its reference leads nowhere now';
  for (const { verdict, where, name, repository, commit, reason } of references) {
    if (verdict === 'none') {
      if (where === link.where && name === link.name) kept = reason ?? kept;
    } else if (commit === link.commit && repository === link.repository) return undefined;
  }
  return kept;
}
