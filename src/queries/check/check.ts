import type { Link } from '../../contract/run.js';
import type { ServerAccess } from '../../facts/links/access.js';
import { branchOfRun } from '../../facts/links/propose.js';
import { createServerFacts, type ServerFacts } from '../../facts/links/server.js';
import { type ExaminedRun, plainLinkOf, readExaminedRun } from '../shared/examined-run.js';
import { checkLakefs } from '../shared/is-lakefs.js';
import type { RunOrModel } from '../shared/read-run.js';
import { judgedReferences, keptReason } from '../shared/references.js';
import { decideRequirement } from './decide.js';
import type { RequirementWord } from './require.js';
import type { Check, CheckedLink } from './schema.js';

/**
 * Tells whether the data of a run, or of the run of a model, is as required. Reads only. Costs what `lineage` costs, and
 * for the words about the life of the data what `ServerFacts.stateOf` and `promotedTo` do, for each link.
 *
 * @throws NotThereError where the run or model is not there; what the clients throw where something could not be read:
 * then nothing is known, and no release may pass
 */
export async function checkRun(
  access: ServerAccess,
  now: () => number,
  what: RunOrModel,
  words: readonly RequirementWord[],
): Promise<Check> {
  const facts = createServerFacts(access, now);
  await checkLakefs(access);
  const examined = await readExaminedRun(what, facts);
  const links = await Promise.all(examined.links.map((link) => checkedLink(link, examined, words, facts)));
  const unexplained = examined.unexplained.map(({ name }) => name);
  const { asked, run, trouble } = examined;
  const results = words.map((word) => decideRequirement(word, { links, unexplained, trouble }));
  return {
    asked,
    passed: results.every(({ result }) => result === 'met'),
    run,
    results,
    links: links.map(({ link, kept, state, promotedTo }) => ({
      ...plainLinkOf(link),
      kept: kept ?? null,
      status: state?.status ?? null,
      statusReason: state?.reason ?? null,
      promotedTo: promotedTo ?? null,
    })),
  };
}

async function checkedLink(
  link: Link,
  { examination, tags }: ExaminedRun,
  words: readonly RequirementWord[],
  facts: ServerFacts,
): Promise<CheckedLink> {
  const { installation, repository, commit } = link;
  const wantsState = words.includes('current') || words.includes('not-reverted');
  const [state, promotedTo] = await Promise.all([
    wantsState ? facts.stateOf(link, branchOfRun({ tags })) : undefined,
    words.includes('promoted') ? facts.statesIn(installation)?.promotedTo(repository, commit) : undefined,
  ]);
  const references = examination === undefined ? [] : judgedReferences(examination);
  return { link, kept: keptReason(link, references), state, promotedTo };
}
