import { catalogKind, guideTag, ourTag, whereTag } from '../../src/contract/tags.js';
import { type CommitKey, commitText } from '../../src/contract/words.js';
import { commitsCounting, doubtAbout } from '../../src/domain/catalog/audit.js';
import { inTurn, type Pages, tokenPages } from '../../src/facts/common/pages.js';
import type { ServerFacts } from '../../src/facts/links/server.js';
import type { OnRefused } from '../../src/facts/runs/experiment-groups.js';
import type { OnUnread } from '../../src/facts/runs/run-page.js';
import { leftOut, listRuns, type RunPagesOptions } from '../../src/facts/runs/run-pages.js';
import { viewOf } from '../../src/facts/runs/run-view.js';
import type { Run } from '../../src/mlflow/types.js';
import { isWatched } from './nested-runs.js';

/** What one step of a full resync has found. */
export interface ResyncStep {
  /** Runs to be checked, oldest first. */
  readonly runs: readonly Run[];
  /** Commits whose catalog run does not agree with what the resync has seen: each is to be checked. */
  readonly doubts: readonly CommitKey[];
}

export interface ResyncListeners {
  readonly onTooLarge?: OnUnread;
  readonly onFailing?: OnUnread;
  readonly onRefused?: OnRefused;
  /** Called when the last of the runs has been checked, before the catalog is. */
  readonly onRunsSeen?: () => void;
}

/** What the resync has learnt so far of the commits that runs count for, by their text. */
interface Learnt {
  readonly counts: Map<string, { readonly key: CommitKey; consumers: number }>;
  /** Commits that have a catalog run. */
  readonly seen: Set<string>;
}

/**
 * The full resync: over all runs, which finds backdated runs and late edits, then over the catalog, which finds what
 * lost jobs have left: counts that are wrong, runs that are not finished, doubles. A request per 500 runs; each page
 * is one step.
 */
export function resyncSteps(
  facts: ServerFacts,
  {
    onTooLarge = leftOut,
    onFailing,
    onRefused = leftOut,
    onRunsSeen = () => undefined,
  }: ResyncListeners = {},
): Pages<ResyncStep> {
  const learnt: Learnt = { counts: new Map(), seen: new Set() };
  return inTurn([
    () => consumerSteps(facts, learnt, { onTooLarge, onFailing, onRefused }),
    () => {
      onRunsSeen();
      return catalogSteps(facts, learnt, { onTooLarge, onRefused });
    },
    () => missingSteps(facts, learnt),
  ]);
}

async function consumerSteps(
  facts: ServerFacts,
  { counts }: Learnt,
  unread: Pick<RunPagesOptions, 'onTooLarge' | 'onFailing' | 'onRefused'>,
): Promise<Pages<ResyncStep>> {
  const watched = (await facts.experiments.all()).filter((entry) => isWatched(entry, facts));
  const installationsOf = new Map(watched.map(({ id, name }) => [id, watchedBy(facts, name)]));
  const ids = watched.map(({ id }) => id);
  const pages = listRuns(facts.access.mlflow, ids, '', { ...unread, heavy: facts.heavy });
  let last: readonly Run[] = [];
  return {
    read: async () => {
      const runs = await pages.read();
      last = runs ?? [];
      return runs === undefined ? undefined : [{ runs, doubts: [] }];
    },
    // A page that is read again must not be counted twice.
    advance: () => {
      for (const run of last.map(viewOf)) {
        for (const key of commitsCounting(run, installationsOf.get(run.experimentId) ?? [])) {
          const text = commitText(key);
          counts.set(text, { key, consumers: (counts.get(text)?.consumers ?? 0) + 1 });
        }
      }
      last = [];
      pages.advance();
    },
  };
}

async function catalogSteps(
  facts: ServerFacts,
  { counts, seen }: Learnt,
  unread: Pick<RunPagesOptions, 'onTooLarge' | 'onRefused'>,
): Promise<Pages<ResyncStep>> {
  const catalogs = (await facts.experiments.all()).filter(({ catalog, active }) => catalog && active);
  const names = new Map(catalogs.map(({ id, name }) => [id, name]));
  const pages = listRuns(
    facts.access.mlflow,
    [...names.keys()],
    whereTag(ourTag.kind, catalogKind.commit),
    unread,
  );
  let last: readonly string[] = [];
  return {
    read: async () => {
      const runs = await pages.read();
      if (runs === undefined) return undefined;
      const onPage = new Set<string>();
      const doubts = runs.map(viewOf).flatMap((run) => {
        const key = keyOf(facts, names.get(run.experimentId), run.tags);
        if (key === undefined) return [];
        const text = commitText(key);
        const double = seen.has(text) || onPage.has(text);
        onPage.add(text);
        return doubtAbout({ run, key }, counts.get(text)?.consumers ?? 0, double) === undefined ? [] : [key];
      });
      last = [...onPage];
      return [{ runs: [], doubts }];
    },
    advance: () => {
      for (const text of last) seen.add(text);
      last = [];
      pages.advance();
    },
  };
}

/** Consumed, and not registered. Where a person deleted the catalog, asking would only fail again. */
async function missingSteps(facts: ServerFacts, { counts, seen }: Learnt): Promise<Pages<ResyncStep>> {
  const experiments = await facts.experiments.all();
  const deleted = new Set(experiments.filter(({ active }) => !active).map(({ name }) => name));
  const missing = [...counts.values()].map(({ key }) => key).filter((key) => !seen.has(commitText(key)));
  const doubts = missing.filter((key) => {
    const name = catalogOf(facts, key);
    return name !== undefined && !deleted.has(name);
  });
  return tokenPages(async () => ({ items: [{ runs: [], doubts }], token: undefined }));
}

function watchedBy({ access }: ServerFacts, experiment: string): readonly string[] {
  return access.installations.matching({ experiment }).names;
}

/** The commit that a catalog run stands for; undefined in a catalog that is not ours. */
function keyOf(
  facts: ServerFacts,
  experiment: string | undefined,
  tags: ReadonlyMap<string, string>,
): CommitKey | undefined {
  const [repository = '', commit = ''] = [tags.get(guideTag.repo), tags.get(guideTag.commit)];
  return facts.access.installations.names
    .map((installation) => ({ installation, repository, commit }))
    .find((key) => catalogOf(facts, key) === experiment);
}

function catalogOf({ access }: ServerFacts, key: CommitKey): string | undefined {
  return access.installations.matching({ repository: key.repository }).catalogOf(key);
}
