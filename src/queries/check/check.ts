import type { Link } from '../../contract/run.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { branchOfRun } from '../../facts/links/propose.js';
import { createServerFacts, type ServerFacts } from '../../facts/links/server.js';
import { type ExaminedSide, keptReason, sideOf } from '../shared/examined-run.js';
import { checkLakefs } from '../shared/is-lakefs.js';
import type { RunOrModel } from '../shared/read-run.js';
import type { LookedAt } from '../shared/types.js';
import { decideRequirement } from './decide.js';
import type { Check, CheckedLink, RequirementWord } from './types.js';

/**
 * Tells whether the data of a run, or of the run of a model, is as required. Reads only. Costs what `lineage` costs, and
 * for the words about the life of the data what `ServerFacts.stateOf` and `promotedTo` do, for each link.
 *
 * @throws NotThereError where the run or model is not there; what the clients throw where something could not be read:
 * then nothing is known, and a gate stays closed
 */
export async function checkRun(
  access: ServerAccess,
  now: () => number,
  what: RunOrModel,
  words: readonly RequirementWord[],
): Promise<Check> {
  const facts = createServerFacts(access, now);
  await checkLakefs(access);
  const side = await sideOf(what, facts);
  const links = await Promise.all(side.links.map((link) => checkedLink(link, side, words, facts)));
  const unexplained = side.unexplained.map(({ name }) => name);
  const { asked, run, trouble } = side;
  const results = words.map((word) => decideRequirement(word, { links, unexplained, trouble }));
  return { asked, run, links, results, passed: results.every(({ result }) => result === 'met') };
}

async function checkedLink(
  link: Link,
  { examination, tags }: ExaminedSide,
  words: readonly RequirementWord[],
  facts: ServerFacts,
): Promise<CheckedLink> {
  const { installation, repository, commit } = link;
  const wantsState = words.includes('current') || words.includes('not-reverted');
  const [state, promotedTo] = await Promise.all([
    wantsState ? facts.stateOf(link, branchOfRun({ tags })) : undefined,
    words.includes('promoted') ? facts.statesIn(installation)?.promotedTo(repository, commit) : undefined,
  ]);
  const references = (examination?.judged ?? []).map(
    ({ reference, verdict }): LookedAt => ({ ...reference, verdict }),
  );
  return { link, kept: keptReason(link, references), state, promotedTo };
}
