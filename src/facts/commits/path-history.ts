import { asDirectory } from '../../domain/paths/path.js';
import type { LakefsClient, LogOptions } from '../../lakefs/types.js';
import { createCache } from '../common/cache.js';
import { freshness } from '../runs/freshness.js';

/** What one path was in the whole history of its repository. */
export interface PathHistory {
  /**
   * True where the bytes under a path are the same at every commit that held it until a time, wherever that commit is: on
   * a branch, hidden ones too, or under a tag. False also where too much would have to be read to tell.
   *
   * Costs, for what is not remembered, two listings (for 10 s), a log for each head that moved (at most 30 heads), and
   * one to four requests for each commit that changed the path (at most 16).
   *
   * Known limits: the commits of a branch that was deleted are not seen, and one that is dated later than `untilMs`, as
   * are all that were made after it, counts as later, by a minute at least.
   *
   * @param untilMs Unix ms
   * @throws what the lakeFS client throws where the answer is not known
   */
  isUnchanged(
    place: { readonly repository: string; readonly commit: string; readonly path: string },
    untilMs: number,
  ): Promise<boolean>;
}

/** As in `LakefsFacts`. */
interface Contents {
  equalUnder(repository: string, left: string, right: string, path: string): Promise<boolean>;
  holds(repository: string, commit: string, path: string): Promise<boolean>;
}

interface Change {
  readonly id: string;
  readonly seconds: number;
}

const maxHeads = 30;
/** Commits that changed a path, of one head: a page of the log. */
const maxChanges = 1_000;
const maxCompared = 16;

/** So much the clocks of lakeFS and of those who write to MLflow may differ. */
const clocksMs = 60_000;

const headMs = 10_000;
/** What a commit's history is never changes, but a repository may be made again. */
const fixedMs = 600_000;

export function createPathHistory(lakefs: LakefsClient, facts: Contents, now: () => number): PathHistory {
  const tips = createCache<ReadonlySet<string>>({ size: 1_000, ttlMs: () => headMs, now });
  const changes = createCache<readonly Change[]>({ size: 2_000, ttlMs: () => fixedMs, now });

  /** The commits that branches and tags lead to; one more than are read where there are too many. */
  const tipsOf = (repository: string, asOf: number): Promise<ReadonlySet<string>> =>
    tips.get(`${repository} ${freshness(asOf, headMs, now())}`, async () => {
      const found = new Set<string>();
      for (const listing of [lakefs.branches(repository, { hidden: true }), lakefs.tags(repository)]) {
        for await (const { commit_id: id } of listing) {
          found.add(id);
          if (found.size > maxHeads) return found;
        }
      }
      return found;
    });

  /** Newest first. Merges are left out: what they bring was changed by a commit on their other side. */
  const changesOf = (repository: string, head: string, path: string): Promise<readonly Change[]> =>
    changes.get(`${repository} ${head} ${path}`, async () => {
      const found: Change[] = [];
      for await (const { id, creation_date } of lakefs.log(repository, head, logOf(path))) {
        found.push({ id, seconds: creation_date });
      }
      return found;
    });

  return {
    isUnchanged: async ({ repository, commit, path }, untilMs) => {
      const heads = await tipsOf(repository, untilMs);
      if (heads.size > maxHeads || !(await facts.holds(repository, commit, path))) return false;
      // A commit may be on no branch any more.
      const all = await Promise.all(
        [...new Set([...heads, commit])].map((head) => changesOf(repository, head, path)),
      );
      if (all.some(({ length }) => length >= maxChanges)) return false;
      const endMs = untilMs + clocksMs;
      // The data was read, so it was there: the clocks differ by more than is made up for here.
      const [made] = await changesOf(repository, commit, path);
      if (made !== undefined && made.seconds * 1_000 > endMs) return false;
      const before = new Set(all.flatMap((list) => upTo(list, endMs)));
      before.delete(commit);
      if (before.size > maxCompared) return false;
      for (const id of before) {
        const same = await facts.equalUnder(repository, commit, id, path);
        if (!same && (await facts.holds(repository, id, path))) return false;
      }
      return true;
    },
  };
}

/** What is dated later than a commit that was made after it has a false date. */
function upTo(changes: readonly Change[], untilMs: number): readonly string[] {
  const from = changes.findIndex(({ seconds }) => seconds * 1_000 <= untilMs);
  return from < 0 ? [] : changes.slice(from).map(({ id }) => id);
}

function logOf(path: string): LogOptions {
  if (path === '') return { limit: maxChanges };
  const directory = asDirectory(path);
  const objects = directory === path ? {} : { objects: [path] };
  return { limit: maxChanges, prefixes: [directory], ...objects };
}
