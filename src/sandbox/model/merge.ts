import type { Commit } from './commit.js';
import type { Entry } from './entry.js';
import { sameContent } from './entry.js';
import { commitOf, type Repository } from './repository.js';
import type { Tree } from './tree.js';

export type Strategy = 'default' | 'source-wins' | 'dest-wins';

/** Both sides changed an object, differently, and no strategy says who wins. */
export class MergeConflict extends Error {
  override readonly name = 'MergeConflict';
}

/** Three-way merge of `source` into `destination`. @throws MergeConflict */
export function mergeTrees(base: Tree, source: Tree, destination: Tree, strategy: Strategy): Tree {
  if (base.sameAs(destination)) return source;
  const [from, theirs, mine] = [base.entries(), source.entries(), destination.entries()];
  const changes = new Map<string, Entry | null>();
  for (const path of base.pathsThatDiffer(source)) {
    const [b, s, d] = [from.get(path), theirs.get(path), mine.get(path)];
    if (sameContent(s, d)) continue;
    if (!sameContent(b, d)) {
      if (strategy === 'default') throw new MergeConflict('conflict found');
      if (strategy === 'dest-wins') continue;
    }
    changes.set(path, s ?? null);
  }
  return destination.with(changes);
}

/** The best common ancestor: of those with the highest generation any one. */
export function mergeBase(repository: Repository, left: Commit, right: Commit): Commit {
  const ancestors = new Set<string>();
  walk(repository, left, (commit) => {
    ancestors.add(commit.id);
    return true;
  });
  let best: Commit | undefined;
  walk(repository, right, (commit) => {
    if (!ancestors.has(commit.id)) return true;
    if (best === undefined || commit.generation > best.generation) best = commit;
    return false;
  });
  if (best === undefined) throw new Error(`commits ${left.id} and ${right.id} share no root`);
  return best;
}

function walk(repository: Repository, from: Commit, visit: (commit: Commit) => boolean): void {
  const seen = new Set<string>([from.id]);
  const waiting = [from];
  for (let commit = waiting.pop(); commit !== undefined; commit = waiting.pop()) {
    if (!visit(commit)) continue;
    for (const id of commit.parents) {
      if (seen.has(id)) continue;
      seen.add(id);
      waiting.push(commitOf(repository, id));
    }
  }
}
