import type { Reach } from '../../domain/status/reach.js';
import { byWeight, reachOrder, type Weighed } from '../../domain/status/reach.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { branchStates } from '../shared/change/branch-states.js';
import { readChange } from '../shared/change/change.js';
import { createReaching, type Reaching } from '../shared/change/reach.js';
import { commitPlace } from '../shared/commit-place.js';
import { findReaders, type Reader } from '../shared/consumers.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { type DataWhat, findPlace } from '../shared/place.js';
import { versionsMadeBy } from '../shared/produced-versions.js';
import { showWhat } from '../shared/target.js';
import type { Hit, Impact } from './types.js';

export interface ImpactOptions {
  readonly installation: string | undefined;
  /** How many of the newest runs are looked at whether or not they have tags of ours. */
  readonly scan: number;
  /** Commits that are read of a branch, and commits that are judged, at most. */
  readonly limit: number;
  readonly onProgress: (text: string) => void;
}

/** Commits that are judged at once. */
const atOnce = 16;

/**
 * Finds the runs that read what a commit, a branch or a path brought, and the models that were made from it. Reads
 * only. Its cost depends on how much was read of the repository, never on the length of its history.
 *
 * @throws NotThereError; what the clients throw
 */
export async function lookAtImpact(
  what: DataWhat,
  facts: ServerFacts,
  options: ImpactOptions,
): Promise<Impact> {
  const place = await findPlace(what, facts.sources.installations, options.installation);
  options.onProgress('reading what it changed');
  const change = await readChange(place, options.limit);
  const { settings } = place.known;
  const key = { installation: settings.name, repository: place.repository.id, commit: place.commit.id };
  const label = place.refKind === 'branch' ? place.ref : undefined;
  const asked = {
    asked: showWhat(what),
    place: await commitPlace(key, facts.sources.installations, label),
    change,
    ref: place.ref,
    path: place.path,
  };
  const reaching = createReaching(change, place.lakefs);
  const { readers, looked } = await findReaders(
    { ...options, installation: settings.name, repository: place.repository.id, commits: undefined },
    facts,
  );
  const { reached, cut } = await reachAll(readers, reaching, options);
  const hits = reached.filter(({ links }) => links.some(({ reach }) => isHit(reach)));
  const isOneOfHits = new Set(hits);
  const maybe = reached.filter(
    (one) => !isOneOfHits.has(one) && one.links.some(({ reach }) => isMaybe(reach)),
  );
  const spared = reached.filter(({ links }) => links.every(({ reach }) => reach.kind === 'undone'));
  options.onProgress('looking for the models that were made');
  const versions = await versionsMadeBy(
    [...hits, ...maybe].map(({ run }) => run.id),
    facts.access.mlflow,
    mlflowPublicUrl(facts.access),
  );
  const finish = (some: readonly Omit<Hit, 'versions'>[], keep: (reach: Reach) => boolean): readonly Hit[] =>
    some
      .map((one) => ({
        run: one.run,
        links: one.links.filter(({ reach }) => keep(reach)),
        versions: versions.filter(({ runId }) => runId === one.run.id),
      }))
      .sort((a, b) => byWeight(weigh(a), weigh(b)));
  const states = await branchStates(place, change, reaching);
  return {
    ...asked,
    ...{ branches: states.branches, branchesCut: states.cut },
    ...{ hits: finish(hits, isHit), maybe: finish(maybe, isMaybe), spared: spared.length },
    ...{ commitsCut: cut, looked },
  };
}

type Reached = Omit<Hit, 'versions'>;

/** Runs whose links touch the change at all, newest first; those of more commits than the limit are left out. */
async function reachAll(
  readers: readonly Reader[],
  reaching: Reaching,
  { limit, onProgress }: ImpactOptions,
): Promise<{ readonly reached: readonly Reached[]; readonly cut: boolean }> {
  const newest = [...readers].sort((a, b) => (b.run.startTime ?? 0) - (a.run.startTime ?? 0));
  const commits = [...new Set(newest.flatMap(({ links }) => links.map(({ commit }) => commit)))];
  const judged = new Set(commits.slice(0, limit));
  const reached: Reached[] = [];
  for (let start = 0; start < newest.length; start += atOnce) {
    onProgress(`${start.toLocaleString('en')} of ${newest.length.toLocaleString('en')} readers compared`);
    const some = newest.slice(start, start + atOnce);
    reached.push(...(await Promise.all(some.map((reader) => reachOne(reader, judged, reaching)))));
  }
  return { reached: reached.filter(({ links }) => links.length > 0), cut: commits.length > limit };
}

async function reachOne(
  { run, links }: Reader,
  judged: ReadonlySet<string>,
  reaching: Reaching,
): Promise<Reached> {
  const all = await Promise.all(
    links
      .filter(({ commit }) => judged.has(commit))
      .map(async (link) => ({ link, reach: await reaching.of(link.commit, link.path) })),
  );
  const touched = all.filter(({ reach }) => reach.kind !== 'none');
  return {
    run,
    links: touched.sort((a, b) => reachOrder.indexOf(a.reach.kind) - reachOrder.indexOf(b.reach.kind)),
  };
}

function isHit({ kind }: Reach): boolean {
  return kind === 'itself' || kind === 'downstream' || kind === 'same-bytes';
}

function isMaybe({ kind }: Reach): boolean {
  return kind === 'rewritten' || kind === 'unknown';
}

function weigh({ run, links, versions }: Hit): Weighed {
  return {
    aliases: versions.reduce((sum, { aliases }) => sum + aliases.length, 0),
    versions: versions.length,
    certain: links.some(({ link }) => link.certain),
    reach: links[0]?.reach.kind ?? 'none',
    deleted: run.deleted,
    startTime: run.startTime ?? 0,
  };
}
