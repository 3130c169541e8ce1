import { flags } from '../../contract/flags.js';
import type { Link } from '../../contract/run.js';
import { type EvidenceKind, evidenceKinds, statusRules } from '../../contract/words.js';
import { explainEvidence } from '../shared/evidence.js';
import type { RequirementWord } from './require.js';
import type { CheckedLink, RequirementResult } from './schema.js';

export interface CheckFacts {
  readonly links: readonly CheckedLink[];
  /** Datasets that the run logged and of which nothing is known, by name. */
  readonly unexplained: readonly string[];
  /** Why nothing may be concluded: the run has not ended, is of the catalog, cannot be read in full. */
  readonly trouble: string | undefined;
}

interface Verdict {
  readonly result: RequirementResult['result'];
  readonly reason: string;
}

/** Decides one requirement. All links have to meet it; what is not known does not. */
export function decideRequirement(word: RequirementWord, facts: CheckFacts): RequirementResult {
  const { links, unexplained, trouble } = facts;
  if (trouble !== undefined) return { word, result: 'unknown', reason: trouble };
  if (links.length === 0) {
    const result = word === 'known' || word === 'complete' ? 'failed' : 'unknown';
    return { word, result, reason: 'no lakeFS data is known for this run' };
  }
  if (word === 'complete' && unexplained.length > 0) {
    const names = unexplained.map((name) => `"${name}"`).join(', ');
    return { word, result: 'failed', reason: `it also logged ${names}, and nothing is known of that` };
  }
  const verdicts = links.map((link): Verdict => {
    const { kept } = link;
    if (kept !== undefined) {
      return {
        result: 'unknown',
        reason: `${place(link.link)} was found earlier and cannot be checked now: ${kept}`,
      };
    }
    return decideLink(word, link);
  });
  const worst =
    verdicts.find(({ result }) => result === 'failed') ??
    verdicts.find(({ result }) => result === 'unknown') ??
    verdicts[0];
  return worst === undefined ? { word, result: 'unknown', reason: '' } : { word, ...worst };
}

function decideLink(word: RequirementWord, { link, state, promotedTo }: CheckedLink): Verdict {
  switch (word) {
    case 'known':
    case 'complete':
      return met(`it read ${place(link)}`);
    case 'certain':
      return link.certain ? met(how(link)) : failed(doubt(link));
    case 'declared':
    case 'exact':
    case 'resolved':
    case 'likely':
      return atLeast(word, link);
    case 'current':
    case 'not-reverted':
      return statusVerdict(word, link, state);
    case 'promoted':
      return promotedVerdict(link, promotedTo);
  }
}

/** A kind that is strong by its word may have lost its certainty: a tag that moved. */
function atLeast(word: EvidenceKind, link: Link): Verdict {
  const strength = (kind: EvidenceKind): number => evidenceKinds.indexOf(kind);
  if (strength(link.kind) > strength(word)) return failed(doubt(link));
  if (word !== 'likely' && !link.certain) return failed(doubt(link));
  return met(how(link));
}

function statusVerdict(word: 'current' | 'not-reverted', link: Link, state: CheckedLink['state']): Verdict {
  // Of an ambiguous link it is not known which data it is about.
  if (link.kind === 'ambiguous')
    return unknown(`the commit it read is ambiguous: ${place(link)} is one candidate`);
  if (state === undefined || state.status === 'unknown') {
    return unknown(
      `whether ${place(link)} is still good is unknown: ${state?.reason ?? 'it was not checked'}`,
    );
  }
  const bad = word === 'current' ? state.status !== 'current' : statusRules[state.status].bad;
  return bad
    ? failed(`${place(link)} is ${state.status}: ${state.reason}`)
    : met(
        `${place(link)} is ${state.status}${state.rewritten === true ? ` (${flags.rewritten}): ${state.reason}` : ''}`,
      );
}

function promotedVerdict(link: Link, promotedTo: readonly string[] | undefined): Verdict {
  if (link.kind === 'ambiguous')
    return unknown(`the commit it read is ambiguous: ${place(link)} is one candidate`);
  if (promotedTo === undefined) return unknown(`whether ${place(link)} was promoted is unknown`);
  return promotedTo.length === 0
    ? failed(`${place(link)} is not on a branch that data is promoted to`)
    : met(`${place(link)} is on ${promotedTo.join(', ')}`);
}

/** A kind that is certain by its word says itself why this one is not. */
function doubt(link: Link): string {
  const flags = link.flags.length === 0 ? '' : ` (${link.flags.join(', ')})`;
  return `${place(link)} is ${link.kind}${link.certain ? '' : ', not certain'}: ${explainEvidence(link)}${flags}`;
}

function how(link: Link): string {
  return `${link.kind}: ${place(link)}`;
}

function place({ repository, commit, path }: Link): string {
  return `${repository}@${commit.slice(0, 12)}${path === '' ? '' : ` ${path}`}`;
}

function met(reason: string): Verdict {
  return { result: 'met', reason };
}

function failed(reason: string): Verdict {
  return { result: 'failed', reason };
}

function unknown(reason: string): Verdict {
  return { result: 'unknown', reason };
}
