import type { Commit } from './commit.js';
import type { Entry } from './entry.js';
import { type Branch, commitOf, headOf, type Repository, stagedTree } from './repository.js';
import type { Tree } from './tree.js';

/** A ref expression that nothing answers to. */
export class RefNotFound extends Error {
  override readonly name = 'RefNotFound';
}

/** A ref expression that cannot be read; the message is lakeFS's. */
export class RefInvalid extends Error {
  override readonly name = 'RefInvalid';
}

export interface Resolved {
  /** For a branch: its head. */
  readonly commit: Commit;
  /** Set where the expression means the branch with its uncommitted objects (`main`, `main$`). */
  readonly branch?: Branch;
  /** `main$`: means the staging area and no commit. */
  readonly stagingOnly?: boolean;
}

const invalid = 'ref: invalid value: validation error';

/**
 * Resolves `<64 hex> | branch | tag | unique id prefix` with modifiers `~N`, `^N`, `@`, `$`, in that order.
 * @throws RefNotFound, RefInvalid
 */
export function resolveRef(repository: Repository, expression: string): Resolved {
  const at = expression.search(/[~^@$]/);
  const base = at < 0 ? expression : expression.slice(0, at);
  const modifiers = at < 0 ? [] : (expression.slice(at).match(/[~^@$][^~^@$]*/g) ?? []);
  const found = resolveBase(repository, base);
  if (modifiers.length === 0) return found;
  if (modifiers[0] === '@' || modifiers[0] === '$') {
    if (modifiers.length > 1 || found.branch === undefined) throw new RefInvalid(invalid);
    return modifiers[0] === '@' ? { commit: found.commit } : { ...found, stagingOnly: true };
  }
  let commit = found.commit;
  for (const modifier of modifiers) commit = applyModifier(repository, commit, modifier);
  return { commit };
}

/** The objects behind a ref expression; for a bare branch with what is staged. */
export function treeOf(repository: Repository, expression: string): Tree {
  const found = resolveRef(repository, expression);
  return found.branch === undefined ? found.commit.tree : stagedTree(repository, found.branch);
}

function resolveBase(repository: Repository, base: string): Resolved {
  const exact = repository.commits.get(base);
  if (exact !== undefined) return { commit: exact };
  const branch = repository.branches.get(base);
  if (branch !== undefined) return { commit: headOf(repository, branch), branch };
  const tagged = repository.tags.get(base);
  if (tagged !== undefined) return { commit: commitOf(repository, tagged) };
  if (/^[0-9a-f]{1,63}$/.test(base)) {
    const matches = [...repository.commits.keys()].filter((id) => id.startsWith(base));
    if (matches.length === 1) return { commit: commitOf(repository, matches[0] ?? '') };
  }
  throw new RefNotFound(`${base}: not found`);
}

function applyModifier(repository: Repository, commit: Commit, modifier: string): Commit {
  const text = modifier.slice(1);
  const count = text === '' ? 1 : Number(text);
  if (modifier.startsWith('@') || modifier.startsWith('$')) throw new RefInvalid(invalid);
  if (!Number.isInteger(count)) throw new RefInvalid(`could not parse modifier ${modifier}: ${invalid}`);
  if (modifier.startsWith('^')) {
    if (count === 0) return commit;
    const parent = commit.parents[count - 1];
    if (parent === undefined) throw new RefInvalid(invalid);
    return commitOf(repository, parent);
  }
  let current = commit;
  for (let step = 0; step < count; step++) {
    const parent = current.parents[0];
    if (parent === undefined) throw new RefNotFound('commit not found');
    current = commitOf(repository, parent);
  }
  return current;
}

/** One object behind a ref expression, without building the whole tree of a branch. */
export function entryAt(repository: Repository, expression: string, path: string): Entry | undefined {
  const found = resolveRef(repository, expression);
  const staged = found.branch?.staged.get(path);
  if (staged !== undefined) return staged ?? undefined;
  return found.commit.tree.get(path);
}
