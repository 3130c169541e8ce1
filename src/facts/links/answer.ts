import { flags } from '../../contract/flags.js';
import type { RunView } from '../../contract/run.js';
import { ourTag } from '../../contract/tags.js';
import { type Question, questionKey } from '../../domain/links/questions.js';
import { isAtOrUnder, literalPart, pathForms } from '../../domain/paths/path.js';
import type { Reference } from '../../domain/references/reference.js';
import { isNotFound, LakefsError } from '../../lakefs/errors.js';
import type { LakefsFacts } from '../commits/lakefs-facts.js';
import type { DatasetWriters } from '../runs/dataset-writers.js';
import type { Resolution } from './resolve.js';

export interface AnswerSources {
  readonly lakefs: (installation: string) => LakefsFacts | undefined;
  readonly writers: DatasetWriters;
}

/** Looks up what a decision about links needs to know; many questions about one commit share requests. */
export async function answerAll(
  questions: readonly Question[],
  run: RunView,
  sources: AnswerSources,
): Promise<readonly (readonly [string, boolean])[]> {
  await learnPlaces(questions, sources);
  return Promise.all(
    questions.map(async (question) => [questionKey(question), await answer(question, run, sources)] as const),
  );
}

/** Fewer questions than this about one commit are asked one by one. */
const manyPlaces = 4;

async function learnPlaces(questions: readonly Question[], sources: AnswerSources): Promise<void> {
  const byCommit = new Map<string, Extract<Question, { kind: 'holds' }>[]>();
  for (const question of questions) {
    if (question.kind !== 'holds') continue;
    const key = `${question.installation} ${question.repository} ${question.commit}`;
    const group = byCommit.get(key);
    if (group === undefined) byCommit.set(key, [question]);
    else group.push(question);
  }
  await Promise.all(
    [...byCommit.values()].map(async (group) => {
      const [first] = group;
      if (first === undefined || group.length < manyPlaces) return;
      const { installation, repository, commit } = first;
      const paths = group.map(({ path }) => literalPart(path));
      await sources.lakefs(installation)?.learnPlaces(repository, commit, paths);
    }),
  );
}

/** Looks up one thing. */
export async function answer(question: Question, run: RunView, sources: AnswerSources): Promise<boolean> {
  if (question.kind === 'sole') return sources.writers.isSole(run, question);
  const facts = sources.lakefs(question.installation);
  if (facts === undefined) return false;
  const path = literalPart(question.path);
  const { repository } = question;
  if (question.kind === 'holds') return facts.holds(repository, question.commit, path);
  if (question.kind === 'unchanged') {
    // The other commit may have gone with its branch since.
    if (wasShared(run, question)) return false;
    const until = run.terminal ? (run.endTime ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    return facts.paths.isUnchanged({ repository, commit: question.commit, path }, until);
  }
  const [left, right] = question.commits;
  // Nothing differs where nothing is: a path that lakeFS does not hold proves no equality.
  return (await facts.holds(repository, left, path)) && facts.equalUnder(repository, left, right, path);
}

/** True where an earlier check saw that the source may be another run's, or may have seen it: a long list is cut. */
function wasShared(run: RunView, { repository, commit, path }: Extract<Question, { kind: 'unchanged' }>) {
  const { links, more } = run.tags.linksTag;
  if (more > 0 && !certainWords.has(run.tags.get(ourTag.evidence))) return true;
  return links.some(
    (link) =>
      (link.kind === 'likely' || link.flags.includes(flags.sharedSource)) &&
      link.repository === repository &&
      link.commit === commit &&
      isAtOrUnder(link.path, path),
  );
}

/** Where the weakest of a run's links is one of these, none was doubted. A tag's may be. */
const certainWords: ReadonlySet<string | undefined> = new Set(['declared', 'exact']);

/**
 * The reference with the path that lakeFS really holds, where the text may mean several keys (`pathForms`); as it is
 * where lakeFS holds none of them. A plain path costs nothing, any other one to eight requests.
 *
 * @throws what the lakeFS client throws where the answer is not known
 */
export async function settlePath(
  reference: Reference,
  resolution: Resolution,
  sources: AnswerSources,
): Promise<Reference> {
  const { repository, path } = reference.address;
  const forms = pathForms(path);
  if (forms.length === 1 || resolution.kind === 'none') return reference;
  const facts = sources.lakefs(resolution.installation);
  // A branch answers with what is staged on it, too.
  const at = resolution.kind === 'branch' ? resolution.name.base : resolution.commit;
  for (const form of forms) {
    const held = await facts?.holds(repository, at, literalPart(form)).catch((error: unknown) => {
      // A ref that is not there, or that lakeFS does not take for one.
      if (isNotFound(error) || (error instanceof LakefsError && error.status === 400)) return false;
      throw error;
    });
    if (held === true) return { ...reference, address: { ...reference.address, path: form } };
  }
  return reference;
}
