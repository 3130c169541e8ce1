import type { Link } from '../../../src/contract/run.js';
import type { LinkStates } from '../../../src/facts/links/link-state.js';
import type { LakefsClient } from '../../../src/lakefs/types.js';
import { newRepository } from './lakefs.js';

/** A repository whose history a test writes, step by step. Every step answers with the commit's id. */
export interface History {
  readonly repository: string;
  readonly lakefs: LakefsClient;
  put(branch: string, path: string, content: string): Promise<string>;
  /** Contents by path, in one commit. */
  putAll(branch: string, objects: Readonly<Record<string, string>>): Promise<string>;
  remove(branch: string, path: string): Promise<string>;
  branch(name: string, source?: string): Promise<void>;
  drop(name: string): Promise<void>;
  reset(branch: string, commit: string): Promise<void>;
  merge(source: string, destination: string, how?: 'squash' | 'source-wins' | 'dest-wins'): Promise<string>;
  pick(commit: string, branch: string): Promise<string>;
  revert(branch: string, commit: string, parent?: number): Promise<string>;
  head(branch: string): Promise<string>;
}

export async function newHistory(lakefs: LakefsClient): Promise<History> {
  const repository = await newRepository(lakefs, 'life');
  let number = 0;
  // Equal commits made within one second have one id.
  const message = (text: string): string => {
    number += 1;
    return `${number}: ${text}`;
  };
  const head = async (branch: string): Promise<string> =>
    (await lakefs.getBranch(repository, branch)).commit_id;
  const commit = async (branch: string, text: string): Promise<string> =>
    (await lakefs.commit(repository, branch, { message: message(text) })).id;
  return {
    repository,
    lakefs,
    head,
    put: async (branch, path, content) => {
      await lakefs.uploadObject(repository, branch, path, content);
      return commit(branch, `put ${path}`);
    },
    putAll: async (branch, objects) => {
      for (const [path, content] of Object.entries(objects))
        await lakefs.uploadObject(repository, branch, path, content);
      return commit(branch, `put ${Object.keys(objects).join(' and ')}`);
    },
    remove: async (branch, path) => {
      await lakefs.deleteObject(repository, branch, path);
      return commit(branch, `remove ${path}`);
    },
    branch: async (name, source = 'main') => void (await lakefs.createBranch(repository, { name, source })),
    drop: (name) => lakefs.deleteBranch(repository, name),
    reset: (branch, to) => lakefs.hardReset(repository, branch, to),
    merge: (source, destination, how) =>
      lakefs.merge(repository, source, destination, {
        message: message(`merge ${source} into ${destination}`),
        ...(how === 'squash' && { squash_merge: true }),
        ...((how === 'source-wins' || how === 'dest-wins') && { strategy: how }),
      }),
    pick: async (ref, branch) => (await lakefs.cherryPick(repository, branch, { ref })).id,
    revert: async (branch, ref, parent = 1) => {
      await lakefs.revert(repository, branch, { ref, parent_number: parent });
      return head(branch);
    },
  };
}

/** What a history came to: the link that is judged, and how it should be. */
export interface Outcome {
  readonly commit: string;
  readonly path: string;
  /** The branch that the run names. */
  readonly own?: string;
  readonly status: string;
  /** `<branch>@<commit>`; null where there is none. */
  readonly because: string | null;
}

/** What a look at the link of a history says, in the history's words. */
export async function seen(
  states: LinkStates,
  repository: string,
  { commit, path, own }: Pick<Outcome, 'commit' | 'path' | 'own'>,
): Promise<Pick<Outcome, 'status' | 'because'>> {
  const link: Link = {
    ...{ installation: 'default', repository, commit, ref: commit, path },
    ...{ where: path === '' ? 'tag' : 'input', name: 'd', kind: 'exact', certain: true, flags: [] },
  };
  const { status, because, reason } = await states.ofLink(link, own);
  if (reason === '') throw new Error('a state without a reason');
  return { status, because: because === undefined ? null : `${because.branch}@${because.commit}` };
}
