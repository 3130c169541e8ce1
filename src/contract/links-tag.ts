import { isRecord } from './is-record.js';
import { limits } from './limits.js';
import { isReadingKind, type Link } from './link.js';
import { type GuideTag, guideTags, ourTag } from './tags.js';
import { completeHistory, evidenceKinds, gone } from './words.js';

/** What `lakefs.links` holds. */
export interface LinksTag {
  readonly links: readonly Link[];
  /** The guide's tags that we wrote: one that still equals its entry is ours. */
  readonly wrote: Readonly<Partial<Record<GuideTag, string>>>;
  /** Links that did not fit. */
  readonly more: number;
  /** False where there is no such tag, or one that is not of our form. */
  readonly ours: boolean;
}

const emptyLinks: LinksTag = { links: [], wrote: {}, more: 0, ours: false };

/** A link takes far more than 49 bytes. */
const moreThanFit = 100;

/** Reads `lakefs.links`; a value that a person has broken counts as absent. */
export function readLinksTag(tags: ReadonlyMap<string, string>): LinksTag {
  const text = tags.get(ourTag.links);
  if (text === undefined || text.length > limits.wholeValue) return emptyLinks;
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || !Array.isArray(value.links)) return emptyLinks;
    const wrote = isRecord(value.wrote) ? value.wrote : {};
    return {
      links: value.links.filter(isLink),
      wrote: Object.fromEntries(
        guideTags.flatMap((key) => (typeof wrote[key] === 'string' ? [[key, wrote[key]]] : [])),
      ),
      more: typeof value.more === 'number' ? value.more : 0,
      ours: true,
    };
  } catch {
    return emptyLinks;
  }
}

/** The tags of a run, an experiment or a model version, with what is ours parsed once, when it is first asked for. */
export interface Tags extends ReadonlyMap<string, string> {
  /** `lakefs.links`. */
  readonly linksTag: LinksTag;
  /** `lakefs.kind`, on what the service keeps itself. */
  readonly kind: string | undefined;
  /** On a catalog run: the commit was one of an earlier repository of this name. */
  readonly isGone: boolean;
  /** On a catalog run: all history of the commit is in the catalog, or below the horizon. */
  readonly isComplete: boolean;
  /** True where a user asks to leave it alone. */
  readonly ignored: boolean;
  /**
   * True for a guide tag that is ours and therefore no evidence: it still has the value that we gave it. Where somebody
   * deleted the list that says so, our verdict beside it does: a run that had declared the commit itself would not be
   * called by these words.
   */
  isOurGuideTag(key: string): boolean;
}

export function tagsOf(pairs: readonly { readonly key: string; readonly value: string }[] = []): Tags {
  return parsedTags(pairs.map(({ key, value }) => [key, value]));
}

export function parsedTags(entries: Iterable<readonly [string, string]>): Tags {
  return new ParsedTags(entries);
}

class ParsedTags extends Map<string, string> implements Tags {
  #linksTag: LinksTag | undefined;

  get linksTag(): LinksTag {
    this.#linksTag ??= readLinksTag(this);
    return this.#linksTag;
  }

  get kind(): string | undefined {
    return this.get(ourTag.kind);
  }

  get isGone(): boolean {
    return this.get(ourTag.status) === gone;
  }

  get isComplete(): boolean {
    return this.get(ourTag.history) === completeHistory;
  }

  get ignored(): boolean {
    return this.get(ourTag.ignore) === 'true';
  }

  isOurGuideTag(key: string): boolean {
    const guide = guideTags.find((tag) => tag === key);
    if (guide === undefined) return false;
    const { wrote, ours } = this.linksTag;
    if (ours) return wrote[guide] !== undefined && wrote[guide] === this.get(guide);
    return ['exact', 'resolved', 'likely'].includes(this.get(ourTag.evidence) ?? '');
  }
}

/**
 * Writes `lakefs.links`: sorted by repository, commit and path, cut by whole links to 4,900 bytes of UTF-8. What branches
 * and tags came to is kept before all else: nothing else remembers it.
 */
export function writeLinksTag(links: readonly Link[], wrote: LinksTag['wrote']): string {
  const sorted = [...links].sort(byPlace);
  const byWorth = [
    ...sorted.filter(({ kind }) => isReadingKind(kind)),
    ...sorted.filter(({ kind }) => !isReadingKind(kind)),
  ];
  const text = (count: number): string =>
    JSON.stringify({
      links: byWorth.slice(0, count).sort(byPlace),
      wrote,
      ...(count < sorted.length ? { more: sorted.length - count } : {}),
    });
  let fits = 0;
  let beyond = Math.min(sorted.length, moreThanFit) + 1;
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (utf8Length(text(middle)) <= limits.wholeValue) fits = middle;
    else beyond = middle;
  }
  return text(fits);
}

/** Orders links by repository, commit and path, then by all else: MLflow promises no order of a run's inputs. */
export function byPlace(a: Link, b: Link): number {
  return (
    compare(a.repository, b.repository) ||
    compare(a.commit, b.commit) ||
    compare(a.path, b.path) ||
    compare(a.installation, b.installation) ||
    compare(a.where, b.where) ||
    compare(a.name, b.name) ||
    compare(a.context ?? '', b.context ?? '') ||
    compare(a.ref, b.ref) ||
    compare(a.kind, b.kind) ||
    compare(a.flags.join(), b.flags.join())
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function isLink(value: unknown): value is Link {
  if (!isRecord(value)) return false;
  const texts = [value.installation, value.repository, value.commit, value.ref, value.path, value.name];
  return (
    texts.every((text) => typeof text === 'string') &&
    ['input', 'tag', 'param', 'parent'].includes(String(value.where)) &&
    evidenceKinds.some((kind) => kind === value.kind) &&
    Array.isArray(value.flags)
  );
}
