import { commitJson } from '../shared/commit-place.js';
import { iso } from '../shared/iso.js';
import { shownCertainty } from '../shared/read-words.js';
import { lookedJson } from '../shared/scan-coverage.js';
import type { Hit, Impact } from './types.js';
import { shownReach } from './words.js';

/** The answer for machines, as docs/impact.md describes it. Fields may be added, none changes its meaning. */
export function impactJson(impact: Impact): Record<string, unknown> {
  const { asked, place, change, branches, branchesCut, hits, maybe, spared, commitsCut, looked } = impact;
  return {
    asked,
    kind: change.kind === 'default' ? 'branch' : change.kind,
    commit: commitJson(place),
    ref: impact.ref,
    path: impact.path,
    changed: change.paths.map(({ path, name, added, changed, removed, bytes }) => ({
      ...{ path, name, added, changed, removed, bytes },
    })),
    branches,
    hits: hits.map((hit) => hitJson(hit, impact)),
    maybe: maybe.map((hit) => hitJson(hit, impact)),
    spared,
    limits: { branches: branchesCut, changes: change.cut, commits: commitsCut },
    looked: lookedJson(looked),
  };
}

function hitJson({ run, links, versions }: Hit, { change }: Impact): Record<string, unknown> {
  return {
    run: { ...run, startTime: iso(run.startTime), endTime: iso(run.endTime) },
    links: links.map(({ link, reach }) => ({
      ...{ installation: link.installation, repository: link.repository, commit: link.commit },
      ...{ path: link.path, kind: link.kind, certain: link.certain, reach: reach.kind },
      ...{ holds: reach.holds, of: reach.of },
      explanation: `${shownCertainty(link)}: ${shownReach(reach, change.kind)}`,
    })),
    versions: versions.map(({ name, version, aliases, page }) => ({ name, version, aliases, page })),
  };
}
