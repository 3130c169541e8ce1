import { failureOf } from '../../domain/common/failure.js';
import { examineRun } from '../../facts/links/examine.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { viewOf } from '../../facts/runs/run-view.js';
import type { Run } from '../../mlflow/types.js';
import { judgeCoverage } from './judge.js';
import type { CoverageJudgement } from './schema.js';

/** Decides from what a page of a search holds, as a sweep does: what cannot be read now is unknown. */
export async function judgeRun(run: Run, experiment: string, facts: ServerFacts): Promise<CoverageJudgement> {
  const view = viewOf(run);
  try {
    const examination = await examineRun(view, experiment, facts.sources);
    if (examination.incomplete) {
      return unknown('some of what it read cannot be read now, and its list of links is cut');
    }
    const lost = examination.judged.filter(({ verdict }) => verdict.kind === 'none');
    const named = new Set(lost.map(({ reference }) => reference.address.repository));
    const repositories = examination.links.length > 0 ? [] : await there([...named], facts);
    return judgeCoverage({ inputs: view.inputs, examination, repositories: new Set(repositories) });
  } catch (error) {
    // Anything but a failed request is a bug of ours.
    if (failureOf(error) === undefined) throw error;
    return unknown(messageOf(error));
  }
}

/** Of a run that could not be read. */
export function unknown(detail: string): CoverageJudgement {
  return { word: 'unknown', covered: false, cause: 'unreadable', detail, hint: undefined, beside: false };
}

function messageOf(error: unknown): string {
  // The sentence about work that waits is for jobs.
  const said = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return said instanceof Error ? said.message : String(said);
}

async function there(repositories: readonly string[], { sources }: ServerFacts): Promise<readonly string[]> {
  const found = await Promise.all(
    repositories.flatMap((name) =>
      sources.installations.all.map(async ({ facts }) =>
        (await facts.repository(name)) === undefined ? [] : [name],
      ),
    ),
  );
  return found.flat();
}
