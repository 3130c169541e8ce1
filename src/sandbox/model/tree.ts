import { digestOf, type Entry, sameContent } from './entry.js';

/** New content per path; null removes the path. */
export type Changes = ReadonlyMap<string, Entry | null>;

interface Materialised {
  readonly entries: ReadonlyMap<string, Entry>;
  sortedPaths?: readonly string[];
}

const modulus = 1n << 256n;

/**
 * An immutable set of objects. A tree is kept as its changes to another one, so that 10,000 commits on 10,000
 * objects stay small; the whole map is built when asked for and may be dropped by the garbage collector.
 */
export class Tree {
  static readonly empty = new Tree(undefined, new Map(), 0n, 0);

  readonly size: number;
  readonly #base: Tree | undefined;
  readonly #changes: Changes;
  readonly #digest: bigint;
  #whole: WeakRef<Materialised> | undefined;

  private constructor(base: Tree | undefined, changes: Changes, digest: bigint, size: number) {
    this.#base = base;
    this.#changes = changes;
    this.#digest = digest;
    this.size = size;
  }

  /** Equal for trees of equal content, however they came about; empty for the empty tree. */
  get metaRangeId(): string {
    return this.size === 0 ? '' : this.#digest.toString(16).padStart(64, '0');
  }

  /** This tree with the changes that really change something; the same tree where none does. */
  with(changes: Changes): Tree {
    const real = new Map<string, Entry | null>();
    let digest = this.#digest;
    let size = this.size;
    for (const [path, entry] of changes) {
      const before = this.get(path);
      if (sameContent(before, entry ?? undefined)) continue;
      real.set(path, entry);
      if (before !== undefined) digest -= digestOf(path, before);
      if (entry !== null) digest += digestOf(path, entry);
      size += (entry === null ? 0 : 1) - (before === undefined ? 0 : 1);
    }
    if (real.size === 0) return this;
    return new Tree(this, real, ((digest % modulus) + modulus) % modulus, size);
  }

  get(path: string): Entry | undefined {
    return this.entries().get(path);
  }

  entries(): ReadonlyMap<string, Entry> {
    return this.#materialise().entries;
  }

  /** All paths in the order in which lakeFS lists them. */
  sortedPaths(): readonly string[] {
    const whole = this.#materialise();
    whole.sortedPaths ??= [...whole.entries.keys()].sort();
    return whole.sortedPaths;
  }

  sameAs(other: Tree): boolean {
    return this.#digest === other.#digest && this.size === other.size;
  }

  /** The paths whose content differs, sorted. */
  pathsThatDiffer(other: Tree): string[] {
    if (this.sameAs(other)) return [];
    if (this.#base === other) return [...this.#changes.keys()].sort();
    if (other.#base === this) return [...other.#changes.keys()].sort();
    const mine = this.entries();
    const theirs = other.entries();
    const paths: string[] = [];
    for (const [path, entry] of mine) if (!sameContent(entry, theirs.get(path))) paths.push(path);
    for (const path of theirs.keys()) if (!mine.has(path)) paths.push(path);
    return paths.sort();
  }

  #materialise(): Materialised {
    const cached = this.#whole?.deref();
    if (cached !== undefined) return cached;
    const chain: Tree[] = [];
    let from: Materialised | undefined;
    for (let tree: Tree | undefined = this; tree !== undefined && from === undefined; tree = tree.#base) {
      from = tree.#whole?.deref();
      if (from === undefined) chain.push(tree);
    }
    const entries = new Map(from?.entries);
    for (const tree of chain.reverse()) {
      for (const [path, entry] of tree.#changes) {
        if (entry === null) entries.delete(path);
        else entries.set(path, entry);
      }
    }
    const whole: Materialised = { entries };
    this.#whole = new WeakRef(whole);
    return whole;
  }
}
