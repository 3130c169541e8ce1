import type { HistoryCommit } from '../../../src/domain/sync/reconcile.js';
import { createLakefsClient } from '../../../src/lakefs/client.js';
import type { LakefsClient, LakefsCommit } from '../../../src/lakefs/types.js';
import { ancestors } from './histories.js';

export interface ScriptedLakefs {
  readonly client: LakefsClient;
  /** Requests by method; a listing counts one per page of 1,000. */
  readonly asked: Record<string, number>;
}

/** A lakeFS that holds one history, whose branches a test moves, and which counts what it is asked. */
export function scriptedLakefs(
  known: ReadonlyMap<string, HistoryCommit>,
  branches: ReadonlyMap<string, string> = new Map(),
): ScriptedLakefs {
  const asked: Record<string, number> = {};
  const count = (method: string, pages = 1): void => {
    asked[method] = (asked[method] ?? 0) + pages;
  };
  const plain = createLakefsClient({
    endpoint: 'http://127.0.0.1:9',
    accessKeyId: '',
    secretAccessKey: '',
    retry: { retries: 0 },
  });
  const client: LakefsClient = {
    ...plain,
    getRepository: async (id) => {
      count('getRepository');
      return { id, creation_date: 1, default_branch: 'main', storage_namespace: '' };
    },
    async *branches() {
      count('branches', Math.max(1, Math.ceil(branches.size / 1_000)));
      for (const [id, commit_id] of branches) yield { id, commit_id };
    },
    async *log(_repository, ref, { limit = Number.POSITIVE_INFINITY, firstParent } = {}) {
      if (firstParent !== true) throw new Error('only first parents are asked for');
      count('log', Math.ceil(Math.min(limit, 1_000) / 1_000));
      let left = limit;
      for (let at = known.get(ref); at !== undefined && left > 0; at = known.get(at.parents[0] ?? '')) {
        left -= 1;
        yield whole(at);
      }
    },
    mergeBase: async (_repository, source, destination) => {
      count('mergeBase');
      const other = ancestors(known, [destination]);
      if (other.has(source)) return source;
      const shared = [...ancestors(known, [source])].filter((id) => other.has(id));
      const order = [...known.keys()];
      return shared.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0] ?? '';
    },
  };
  return { client, asked };
}

function whole(commit: HistoryCommit): LakefsCommit {
  const rest = { committer: '', message: '', meta_range_id: '', metadata: {}, creation_date: 0 };
  return { ...rest, ...commit };
}

/** A line of so many commits, `c0` first. */
export function line(length: number): readonly HistoryCommit[] {
  return Array.from({ length }, (_, at) => ({
    id: `c${at}`,
    parents: at === 0 ? [] : [`c${at - 1}`],
    creation_date: at,
  }));
}
