import type { JobName } from './types.js';

/** One value per job name. */
export function byName<T>(make: (name: JobName) => T): Readonly<Record<JobName, T>> {
  return {
    'register-commit': make('register-commit'),
    'link-run': make('link-run'),
    'sweep-runs': make('sweep-runs'),
    'reconcile-repository': make('reconcile-repository'),
  };
}
