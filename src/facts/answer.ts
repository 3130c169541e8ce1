import type { Question } from '../domain/links.js';
import type { RunView } from '../domain/run.js';
import type { DatasetWriters } from './dataset-writers.js';
import type { LakefsFacts } from './lakefs-facts.js';

/** A branch is walked back this far for what changed since; beyond that nothing is claimed. */
const maxWalk = 20;

export interface AnswerSources {
  readonly lakefs: (installation: string) => LakefsFacts | undefined;
  readonly writers: DatasetWriters;
}

/** Looks up what a decision about links needs to know. */
export async function answer(question: Question, run: RunView, sources: AnswerSources): Promise<boolean> {
  if (question.kind === 'sole') return sources.writers.isSole(run, question);
  const facts = sources.lakefs(question.installation);
  if (facts === undefined) return false;
  const path = literalPart(question.path);
  const commit = question.kind === 'equal' ? question.commits[0] : question.commit;
  // Nothing differs where nothing is: a path that lakeFS does not hold proves no equality.
  if (!(await facts.holds(question.repository, commit, path))) return false;
  if (question.kind === 'equal') {
    return facts.equalUnder(question.repository, question.commits[0], question.commits[1], path);
  }
  return isUnchangedSince({ ...question, path }, facts);
}

/** Spark and others read patterns: what one matches lies in the directory before its first sign. */
function literalPart(path: string): string {
  const at = path.search(/[*?[{]/);
  return at < 0 ? path : path.slice(0, path.lastIndexOf('/', at) + 1);
}

/**
 * True where no commit after this one on the default branch touched the path. Told by ancestry alone: dates can be
 * set by anybody. It looks up to the branch's head, which holds everything up to the run's end and maybe more, so
 * that it errs on the side of "likely". Costs one log page, and a diff per commit since, at most 20.
 */
async function isUnchangedSince(
  { repository, commit, path }: Extract<Question, { kind: 'unchanged' }>,
  facts: LakefsFacts,
): Promise<boolean> {
  const branch = (await facts.repository(repository))?.default_branch;
  if (branch === undefined) return false;
  const chain = await facts.firstParents(repository, branch, maxWalk);
  const at = chain.findIndex((entry) => entry.id === commit);
  if (at < 0) return false;
  for (let index = at; index > 0; index -= 1) {
    const older = chain[index];
    const newer = chain[index - 1];
    if (older === undefined || newer === undefined) return false;
    if (!(await facts.equalUnder(repository, older.id, newer.id, path))) return false;
  }
  return true;
}
