import type { Question } from '../domain/questions.js';
import type { RunView } from '../domain/run.js';
import type { DatasetWriters } from './dataset-writers.js';
import type { LakefsFacts } from './lakefs-facts.js';

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
  const { repository } = question;
  if (question.kind === 'holds') return facts.holds(repository, question.commit, path);
  const [left, right] = question.commits;
  // Nothing differs where nothing is: a path that lakeFS does not hold proves no equality.
  return (await facts.holds(repository, left, path)) && facts.equalUnder(repository, left, right, path);
}

/** Spark and others read patterns: what one matches lies in the directory before its first sign. */
export function literalPart(path: string): string {
  const at = path.search(/[*?[{]/);
  return at < 0 ? path : path.slice(0, path.lastIndexOf('/', at) + 1);
}
