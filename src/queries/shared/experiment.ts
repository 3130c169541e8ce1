import { didYouMean } from '../../config/did-you-mean.js';
import { ourTag } from '../../contract/tags.js';
import type { ServerAccess } from '../../facts/links/access.js';
import type { ExperimentEntry } from '../../facts/runs/experiments.js';

/** Why the runs of an experiment are no consumers of data; undefined where they are. */
export function whyNotCounted(entry: ExperimentEntry, { installations }: ServerAccess): string | undefined {
  if (!entry.active) return 'is deleted';
  if (entry.catalog) return 'is a catalog of ours: its runs stand for commits and read nothing';
  if (entry.ignored) return `is tagged ${ourTag.ignore}`;
  const watching = installations.matching({ experiment: entry.name }).all;
  return watching.length > 0 ? undefined : 'is left out by the setting LAKEFS_MLFLOW_EXPERIMENTS';
}

/** An experiment by its name, else by its id. A deleted one only where no other has that name. */
export function findExperiment(
  entries: readonly ExperimentEntry[],
  given: string,
): ExperimentEntry | undefined {
  const named = entries.filter(({ name }) => name === given);
  return named.find(({ active }) => active) ?? named[0] ?? entries.find(({ id }) => id === given);
}

/** For an experiment that is not there: the name that is nearly the same. */
export function similarExperiment(entries: readonly ExperimentEntry[], given: string): string {
  return didYouMean(
    given,
    entries.filter(({ active, catalog }) => active && !catalog).map(({ name }) => name),
  );
}
