import type { Datasets } from './datasets.js';

/** The answer for programs. */
export function datasetsJson({ place, datasets, leftOut, complete }: Datasets) {
  return {
    installation: place.known.settings.name,
    repository: place.repository.id,
    ref: place.ref,
    commit: place.commit.id,
    complete,
    datasets: datasets.map(({ path, name, reason, added, bytes }) => ({
      path,
      name,
      rule: reason,
      ...(complete ? { objects: added, bytes } : {}),
    })),
    ...(complete ? { leftOut } : {}),
  };
}
