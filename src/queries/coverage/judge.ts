import { flags } from '../../contract/flags.js';
import type { InputView, Link } from '../../contract/run.js';
import { type EvidenceKind, evidenceKinds } from '../../contract/words.js';
import type { Address } from '../../domain/references/address.js';
import { looksLikeCommit, type NoReference } from '../../domain/references/reference.js';
import type { Examination, Judged } from '../../facts/links/examine.js';
import { unexplainedInputs } from '../shared/unexplained.js';
import type { CoverageJudgement } from './schema.js';
import { type CoverageCause, coverageCauses } from './words.js';

export interface CoverageFacts {
  readonly inputs: readonly InputView[];
  readonly examination: Examination;
  /** Repositories that are there. */
  readonly repositories: ReadonlySet<string>;
}

interface Trouble {
  readonly cause: CoverageCause;
  readonly detail: string;
  readonly hint: Address | undefined;
}

/** Decides whether it is known for certain what a run read, and if not, why not. */
export function judgeCoverage(facts: CoverageFacts): CoverageJudgement {
  const troubles = troublesOf(facts);
  const { links } = facts.examination;
  const beside = unexplainedInputs(facts.inputs, facts.examination).length > 0;
  const weakest = weakestOf(links);
  if (weakest === undefined) {
    const { cause, detail, hint } = troubles[0] ?? {
      cause: 'no-dataset' as const,
      detail: '',
      hint: undefined,
    };
    return { word: 'nothing', covered: false, cause, detail, hint, beside };
  }
  if (links.every(({ certain }) => certain)) {
    const detail = troubles.find(({ cause }) => cause !== 'no-dataset')?.detail ?? '';
    return { word: weakest.kind, covered: true, cause: undefined, detail, hint: undefined, beside };
  }
  const rivals = links.filter((link) => link.kind === weakest.kind && !link.certain);
  const uncertain = rivals.find(({ path }) => path !== '') ?? rivals[0] ?? weakest;
  const { repository, ref, path } = uncertain;
  return {
    word: weakest.kind,
    covered: false,
    cause: causeOfLink(uncertain),
    detail: `${uncertain.where === 'input' ? 'dataset' : uncertain.where} "${uncertain.name}": ${address(uncertain)}`,
    hint: { repository, ref, path },
    beside,
  };
}

function weakestOf(links: readonly Link[]): Link | undefined {
  const strength = ({ kind }: Link): number => evidenceKinds.indexOf(kind);
  return [...links].sort((a, b) => strength(b) - strength(a))[0];
}

function address({ repository, ref, path }: Address): string {
  const short = looksLikeCommit(ref) ? ref.slice(0, 12) : ref;
  return path === '' ? `${repository}/${short}` : `${repository}/${short}/${path}`;
}

const causesOfKinds: Readonly<Record<EvidenceKind, CoverageCause>> = {
  declared: 'contradiction',
  exact: 'shared-source',
  resolved: 'moved-tag',
  likely: 'shared-source',
  inferred: 'moving-branch',
  ambiguous: 'changed-branch',
  conflict: 'contradiction',
};

function causeOfLink({ kind, flags: known }: Link): CoverageCause {
  if (kind === 'ambiguous' && known.includes(flags.uncommitted)) return 'uncommitted-read';
  return causesOfKinds[kind];
}

function troublesOf({ inputs, examination, repositories }: CoverageFacts): readonly Trouble[] {
  const found = [
    ...examination.judged.flatMap((entry) => lostTrouble(entry, repositories)),
    ...examination.none.map((entry) => noneTrouble(entry, inputs)),
  ];
  // Of several the one that is easiest to fix counts.
  const rank = ({ cause }: Trouble): number => coverageCauses.indexOf(cause);
  return found.sort((a, b) => rank(a) - rank(b));
}

function lostTrouble({ reference, verdict }: Judged, repositories: ReadonlySet<string>): readonly Trouble[] {
  if (verdict.kind !== 'none') return [];
  const { address: hint, text, where, name } = reference;
  const detail = `${where === 'input' ? 'dataset' : where} "${name}" names ${text}: ${verdict.reason}`;
  if (!repositories.has(hint.repository)) return [{ cause: 'unknown-repository', detail, hint: undefined }];
  return [{ cause: looksLikeCommit(hint.ref) ? 'unknown-commit' : 'unpinned-ref', detail, hint }];
}

function noneTrouble({ where, name, text, reason }: NoReference, inputs: readonly InputView[]): Trouble {
  if (where === 'input') {
    const code = inputs.some((input) => input.name === name && input.sourceType === 'code');
    const detail = `dataset "${name}": ${reason}`;
    return { cause: code ? 'code-source' : 'other-source', detail, hint: undefined };
  }
  const detail = `${where} ${name}: ${reason}`;
  if (where === 'parent') return { cause: 'no-dataset', detail, hint: undefined };
  return { cause: text.includes('://') ? 'other-source' : 'incomplete-tags', detail, hint: undefined };
}
