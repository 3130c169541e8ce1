import type { Commit } from './commit.js';
import { commitOf, type Repository } from './repository.js';

export interface LogOptions {
  readonly firstParent: boolean;
  /** Milliseconds since 1970: the walk does not go past an older commit. */
  readonly sinceMs?: number;
  /** Commit id, the last one to be listed. */
  readonly stopAt?: string;
  readonly objects: readonly string[];
  readonly prefixes: readonly string[];
}

/** History from `head`: newest creation date first, but never a parent before the child that led to it. */
export function* walkLog(repository: Repository, head: Commit, options: LogOptions): Generator<Commit> {
  const queue = new NewestFirst();
  const seen = new Set<string>([head.id]);
  queue.push(head);
  for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
    if (options.sinceMs !== undefined && commit.createdMs < options.sinceMs) continue;
    if (touches(repository, commit, options)) yield commit;
    if (commit.id === options.stopAt) return;
    for (const id of options.firstParent ? commit.parents.slice(0, 1) : commit.parents) {
      if (seen.has(id)) continue;
      seen.add(id);
      queue.push(commitOf(repository, id));
    }
  }
}

/** With `objects` or `prefixes` lakeFS skips every commit that has not exactly one parent, so all merges. */
function touches(repository: Repository, commit: Commit, { objects, prefixes }: LogOptions): boolean {
  if (objects.length === 0 && prefixes.length === 0) return true;
  const [parent, second] = commit.parents;
  if (parent === undefined || second !== undefined) return false;
  return commitOf(repository, parent)
    .tree.pathsThatDiffer(commit.tree)
    .some((path) => objects.includes(path) || prefixes.some((prefix) => path.startsWith(prefix)));
}

/** The commits that wait to be listed. Few at a time: as many as there are open lines of history. */
class NewestFirst {
  readonly #waiting: Commit[] = [];

  push(commit: Commit): void {
    this.#waiting.push(commit);
  }

  pop(): Commit | undefined {
    let best = 0;
    for (let index = 1; index < this.#waiting.length; index++) {
      if (isBefore(this.#waiting[index], this.#waiting[best])) best = index;
    }
    return this.#waiting.splice(best, 1)[0];
  }
}

function isBefore(left: Commit | undefined, right: Commit | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.createdMs !== right.createdMs) return left.createdMs > right.createdMs;
  return left.generation > right.generation;
}
