import { diffTags } from '../../contract/diff-tags.js';
import type { RunView } from '../../contract/run.js';
import { catalogKind, guideTag, mlflowTag, ourTag } from '../../contract/tags.js';
import { gone } from '../../contract/words.js';
import type { CandidateInput, CatalogEntry } from './entry.js';

/** Which of the runs found under a commit's id is its catalog run. */
export interface CatalogChoice {
  readonly run: RunView | undefined;
  /** True where a person deleted the commit's run: it is never made again. */
  readonly hidden: boolean;
  /** Runs that must be tagged `lakefs.kind = double` and deleted. */
  readonly doubles: readonly RunView[];
}

/** Labels are set once: a person may have changed them since, and no decision uses them. */
const labels: readonly string[] = [guideTag.branch, mlflowTag.note];

/** `found` are runs of the catalog experiment, deleted ones included. The smallest id stays. */
export function chooseCatalogRun(found: readonly RunView[]): CatalogChoice {
  const kind = (run: RunView): string | undefined => run.tags.kind;
  const [run, ...others] = found
    .filter((candidate) => candidate.active && kind(candidate) === catalogKind.commit)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const half = found.filter((candidate) => candidate.active && kind(candidate) === catalogKind.double);
  const deletedByPerson = found.some(
    (candidate) => !candidate.active && kind(candidate) === catalogKind.commit,
  );
  return { run, hidden: run === undefined && deletedByPerson, doubles: [...others, ...half] };
}

/** What is missing from a catalog run; all empty where nothing is. */
export interface CatalogPlan {
  readonly tags: ReadonlyMap<string, string>;
  readonly metrics: ReadonlyMap<string, number>;
  readonly inputs: readonly CandidateInput[];
  readonly finish: boolean;
}

/** The difference between a run and what it should be. MLflow cannot take an input back, so none is removed. */
export function planCatalogRun(
  entry: CatalogEntry,
  run: RunView,
  metricsThere: readonly string[],
): CatalogPlan {
  return {
    tags: diffTags(run.tags, entry.tags, { keeps }).set,
    metrics: new Map([...entry.metrics].filter(([key]) => !metricsThere.includes(key))),
    inputs: missingInputs(entry, run),
    finish: !run.terminal,
  };
}

function keeps(key: string, there: string): boolean {
  // The status is moved on by the life of the data; what is in lakeFS is not gone.
  return labels.includes(key) || (key === ourTag.status && there !== gone);
}

/**
 * Inputs that the run does not show. MLflow shows one source for all inputs of an experiment with equal name and
 * digest (before 3.10: of the server): where that is another's, a digest that nobody else makes tells them apart.
 */
function missingInputs({ inputs }: CatalogEntry, run: RunView): readonly CandidateInput[] {
  return inputs.flatMap((input) => {
    const { name, digest, source } = input.dataset;
    const sameName = run.inputs.filter((shown) => shown.name === name);
    if (sameName.some((shown) => shown.source === source)) return [];
    if (!sameName.some((shown) => shown.digest === digest)) return [input];
    const longer = commitIn(source).slice(0, 36);
    return sameName.some((shown) => shown.digest === longer)
      ? []
      : [{ ...input, dataset: { ...input.dataset, digest: longer } }];
  });
}

function commitIn(source: string): string {
  return /[0-9a-f]{64}/.exec(source)?.[0] ?? '';
}
