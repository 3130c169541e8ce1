import { byWeight, reachOrder, type Weighed } from '../../domain/status/reach.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { branchStates } from '../shared/change/branch-states.js';
import { changedPathOf, readChange } from '../shared/change/change.js';
import { createReaching, type Reaching } from '../shared/change/reach.js';
import type { Change } from '../shared/change/types.js';
import { commitAnswer } from '../shared/commit.js';
import { type Consumer, findConsumers, type ScanOptions } from '../shared/consumers.js';
import { mlflowPublicUrl } from '../shared/mlflow-page.js';
import { type DataWhat, findPlace } from '../shared/place.js';
import { versionsProducedBy } from '../shared/produced-versions.js';
import { startOf } from '../shared/run-facts.js';
import { showWhat } from '../shared/target.js';
import { numberText, shownCertainty } from '../shared/words.js';
import type { Hit, HitLink, ImpactAnswer } from './schema.js';
import { shownReach } from './words.js';

export interface ImpactOptions extends ScanOptions {
  readonly installation: string | undefined;
  /** Commits that are read of a branch, and commits that are judged, at most. */
  readonly limit: number;
}

/** The answer, and what it was asked about as a change: texts for people need it. */
export interface Impact {
  readonly answer: ImpactAnswer;
  readonly change: Change;
}

/** Commits that are judged at once. */
const atOnce = 16;

/**
 * Finds the runs that read what a commit, a branch or a path brought, and the models that were produced from it. Reads
 * only. Its cost depends on how much was read of the repository, never on the length of its history.
 *
 * @throws NotThereError; what the clients throw
 */
export async function readImpact(
  what: DataWhat,
  facts: ServerFacts,
  options: ImpactOptions,
): Promise<Impact> {
  const place = await findPlace(what, facts.sources.installations, options.installation);
  options.onProgress('reading what it changed');
  const change = await readChange(place, options.limit);
  const [installation, repository] = [place.known.settings.name, place.repository.id];
  const label = place.refKind === 'branch' ? place.ref : undefined;
  const key = { installation, repository, commit: place.commit.id };
  const commit = await commitAnswer(key, facts.sources.installations, label);
  const reaching = createReaching(change, place.lakefs);
  const query = { ...options, installation, repository, commits: undefined };
  const { consumers, checked } = await findConsumers(query, facts);
  const { reached, cut } = await reachAll(consumers, change, reaching, options);
  const hits = reached.filter(({ links }) => links.some(isHit));
  const isOneOfHits = new Set(hits);
  const maybe = reached.filter((one) => !isOneOfHits.has(one) && one.links.some(isMaybe));
  const spared = reached.filter(({ links }) => links.every((link) => link.reach === 'undone'));
  options.onProgress('searching for models');
  const versions = await versionsProducedBy(
    [...hits, ...maybe].map(({ run }) => run.id),
    facts.access.mlflow,
    mlflowPublicUrl(facts.access),
  );
  const finish = (some: readonly Reached[], keep: (link: HitLink) => boolean): readonly Hit[] =>
    some
      .map(({ run, links }) => ({ run, links: links.filter(keep), versions: versions.get(run.id) ?? [] }))
      .sort((a, b) => byWeight(weigh(a), weigh(b)));
  const states = await branchStates(place, change, reaching);
  const answer: ImpactAnswer = {
    asked: showWhat(what),
    kind: change.kind === 'default' ? 'branch' : change.kind,
    ...{ commit, ref: place.ref, path: place.path, changed: change.paths.map(changedPathOf) },
    branches: states.branches,
    ...{ hits: finish(hits, isHit), maybe: finish(maybe, isMaybe), spared: spared.length },
    limits: { branches: states.cut, changes: change.cut, commits: cut },
    looked: checked,
  };
  return { answer, change };
}

type Reached = Omit<Hit, 'versions'>;

/** Runs whose links touch the change at all, newest first; those of more commits than the limit are left out. */
async function reachAll(
  consumers: readonly Consumer[],
  change: Change,
  reaching: Reaching,
  { limit, onProgress }: ImpactOptions,
): Promise<{ readonly reached: readonly Reached[]; readonly cut: boolean }> {
  const newest = [...consumers].sort((a, b) => startOf(b.run) - startOf(a.run));
  const commits = [...new Set(newest.flatMap(({ links }) => links.map(({ commit }) => commit)))];
  const judged = new Set(commits.slice(0, limit));
  const reached: Reached[] = [];
  for (let start = 0; start < newest.length; start += atOnce) {
    onProgress(`${numberText(start)} of ${numberText(newest.length)} runs compared`);
    const some = newest.slice(start, start + atOnce);
    reached.push(...(await Promise.all(some.map((one) => reachOne(one, judged, change, reaching)))));
  }
  return { reached: reached.filter(({ links }) => links.length > 0), cut: commits.length > limit };
}

async function reachOne(
  { run, links }: Consumer,
  judged: ReadonlySet<string>,
  change: Change,
  reaching: Reaching,
): Promise<Reached> {
  const all = await Promise.all(
    links
      .filter(({ commit }) => judged.has(commit))
      .map(async (link): Promise<HitLink> => {
        const { installation, repository, commit, path, kind, certain } = link;
        const reach = await reaching.of(commit, path);
        return {
          ...{ installation, repository, commit, path, kind, certain },
          ...{ reach: reach.kind, holds: reach.holds, of: reach.of },
          explanation: `${shownCertainty(link)}: ${shownReach(reach, change.kind)}`,
        };
      }),
  );
  const touched = all.filter(({ reach }) => reach !== 'none');
  return {
    run,
    links: touched.sort((a, b) => reachOrder.indexOf(a.reach) - reachOrder.indexOf(b.reach)),
  };
}

function isHit({ reach }: HitLink): boolean {
  return reach === 'itself' || reach === 'downstream' || reach === 'same-bytes';
}

function isMaybe({ reach }: HitLink): boolean {
  return reach === 'rewritten' || reach === 'unknown';
}

function weigh({ run, links, versions }: Hit): Weighed {
  return {
    aliases: versions.reduce((sum, { aliases }) => sum + aliases.length, 0),
    versions: versions.length,
    certain: links.some(({ certain }) => certain),
    reach: links[0]?.reach ?? 'none',
    deleted: run.deleted,
    startTime: startOf(run),
  };
}
