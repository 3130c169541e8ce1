import { matches } from '../src/domain/globs.js';
import type { ExperimentEntry } from '../src/facts/experiments.js';
import type { ServerFacts } from '../src/facts/server.js';

/** True where the runs of the experiment may be tagged by an installation of the server. */
export function isWatched(entry: ExperimentEntry, { access }: ServerFacts): boolean {
  if (!entry.active || entry.catalog || entry.ignored) return false;
  return access.installations.some(({ settings }) => matches(settings.experiments, entry.name));
}
