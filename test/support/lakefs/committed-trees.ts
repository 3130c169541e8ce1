import type { LakefsClient, LakefsCommit } from '../../../src/lakefs/types.js';

/** A repository whose commits are told as what each holds; counts the listings that are asked for. */
export function committedTrees(trees: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const treeOf = (ref: string): readonly string[] => trees[Number(ref)] ?? [];

  const client: Partial<LakefsClient> = {
    async *objects(_repository, ref, { prefix = '', delimiter, limit = Number.POSITIVE_INFINITY } = {}) {
      asked.push(`${ref}:${prefix}`);
      let left = limit;
      let last = '';
      for (const path of [...treeOf(ref)].sort().filter((one) => one.startsWith(prefix))) {
        const cut = delimiter === undefined ? -1 : path.indexOf(delimiter, prefix.length);
        const shown = cut < 0 ? path : path.slice(0, cut + 1);
        if (shown === last) continue;
        if (left === 0) return;
        left -= 1;
        last = shown;
        yield { path: shown, path_type: cut < 0 ? 'object' : 'common_prefix' };
      }
    },
    async *diff(_repository, left, right) {
      const [before, after] = [new Set(treeOf(left)), new Set(treeOf(right))];
      for (const path of after) if (!before.has(path)) yield { type: 'added', path, path_type: 'object' };
      for (const path of before) if (!after.has(path)) yield { type: 'removed', path, path_type: 'object' };
    },
  };

  const commits = trees.map((_, index): LakefsCommit => {
    const rest = { committer: '', message: '', creation_date: 1, meta_range_id: '', metadata: {} };
    return { id: String(index), parents: index === 0 ? [] : [String(index - 1)], ...rest };
  });
  return { client: client as LakefsClient, commits, asked };
}
