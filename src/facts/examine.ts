import { readLinksTag } from '../domain/link-tags.js';
import { type Answers, decideLinks, questionKey, type ResolvedReference } from '../domain/links.js';
import { type NoReference, type Reference, referencesOf } from '../domain/reference.js';
import type { Link, RunView } from '../domain/run.js';
import { type AnswerSources, answer } from './answer.js';
import { type KnownInstallation, resolveReference, type Verdict } from './resolve.js';

/** One reference of a run and what became of it. */
export interface Judged {
  readonly reference: Reference;
  readonly verdict: Verdict;
}

/** What a run read, how we know, and what we looked at to say so. */
export interface Examination {
  readonly links: readonly Link[];
  readonly judged: readonly Judged[];
  readonly none: readonly NoReference[];
}

export interface ExaminationSources extends AnswerSources {
  readonly installations: readonly KnownInstallation[];
}

/**
 * Finds what a run read. Reads only.
 *
 * @param experiment the name of the run's experiment
 * @throws what the clients throw where something could not be read
 */
export async function examineRun(
  run: RunView,
  experiment: string,
  sources: ExaminationSources,
): Promise<Examination> {
  const { found, none } = referencesOf(run);
  const judged = await Promise.all(
    found.map(async (reference) => ({
      reference,
      verdict: await resolveReference(reference, experiment, sources.installations),
    })),
  );
  const resolved = judged.flatMap(({ reference, verdict }) =>
    verdict.kind === 'commit'
      ? [{ reference, installation: verdict.installation, commit: verdict.commit }]
      : [],
  );
  const links = await decide(run, resolved, sources);
  return { links: [...links, ...keptLinks(run, judged)], judged, none };
}

/** Asks until the decision has no open question: the answer to one may raise another. */
async function decide(
  run: RunView,
  resolved: readonly ResolvedReference[],
  sources: AnswerSources,
): Promise<readonly Link[]> {
  let answers: Answers = new Map();
  for (;;) {
    const { links, open } = decideLinks(resolved, answers);
    if (open.length === 0) return links;
    const found = open.map(
      async (question) => [questionKey(question), await answer(question, run, sources)] as const,
    );
    answers = new Map([...answers, ...(await Promise.all(found))]);
  }
}

/**
 * Links that were found before and whose reference the run still makes, but which cannot be resolved now: a deleted
 * repository, a commit that answers 404, an installation that is no longer configured. None of these proves that
 * the run did not read it, so the link stays.
 */
function keptLinks(run: RunView, judged: readonly Judged[]): readonly Link[] {
  const unresolved = judged
    .filter(({ verdict }) => verdict.kind === 'none')
    .map(({ reference }) => reference);
  return readLinksTag(run.tags).links.filter((link) =>
    unresolved.some(
      ({ where, name, address }) =>
        where === link.where &&
        name === link.name &&
        address.repository === link.repository &&
        address.ref === link.ref &&
        address.path === link.path,
    ),
  );
}
