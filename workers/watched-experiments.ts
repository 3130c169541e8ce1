import { matches } from '../src/domain/common/globs.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import type { ExperimentEntry } from '../src/facts/runs/experiments.js';

/** True where the runs of the experiment may be tagged by an installation of the server. */
export function isWatched(entry: ExperimentEntry, { access }: ServerFacts): boolean {
  if (!entry.active || entry.catalog || entry.ignored) return false;
  return access.installations.some(({ settings }) => matches(settings.experiments, entry.name));
}
