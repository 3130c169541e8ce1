import { type Address, parseAddress, showAddress } from './address.js';
import { addressesOfSource, digestCoversContent } from './dataset-source.js';
import { readLinksTag } from './link-tags.js';
import type { InputView, Link, RunView } from './run.js';

/** What a run says it read, and where it says so. */
export interface Reference {
  readonly where: Link['where'];
  /** The dataset's name, or the tag's key. */
  readonly name: string;
  readonly context: string | undefined;
  readonly address: Address;
  /** For an http(s) address: the host, which must be a lakeFS server's. */
  readonly host: string | undefined;
  /** The text as found, without secrets, at most 300 characters. */
  readonly text: string;
  /** Set for a reference of a dataset input. */
  readonly dataset: { readonly digest: string; readonly coversContent: boolean } | undefined;
}

/** Something that looked like a reference and is none, for `--why`. */
export interface NoReference {
  readonly where: Link['where'];
  readonly name: string;
  readonly text: string;
  readonly reason: string;
}

export interface References {
  readonly found: readonly Reference[];
  readonly none: readonly NoReference[];
}

/** `lakefs_commit` since 2025; `lakefs_head_commit_id` is the tag of an earlier text of lakeFS's guide. */
const commitTags = ['lakefs_commit', 'lakefs_head_commit_id'];

/** Seven digits, as git shows them: folders such as `202601` are common in plain buckets. */
const commitPattern = /^[0-9a-f]{7,64}$/;

/** True for what can be a commit id or the beginning of one. */
export function looksLikeCommit(ref: string): boolean {
  return commitPattern.test(ref);
}

/**
 * Finds what a run says it read: dataset inputs whose source is a lakeFS address, and the guide's tags
 * `lakefs_repo` with `lakefs_commit` or `lakefs_head_commit_id`, except those that we wrote ourselves.
 */
export function referencesOf(run: RunView): References {
  const found: Reference[] = [];
  const none: NoReference[] = [];
  for (const input of run.inputs) collectInput(input, found, none);
  collectTags(run, found, none);
  return { found, none };
}

function collectInput(input: InputView, found: Reference[], none: NoReference[]): void {
  const at = { where: 'input', name: input.name } as const;
  const addresses = addressesOfSource(input.source);
  if (addresses.length === 0) {
    const reason =
      input.sourceType === 'code'
        ? 'MLflow knows the code that made this dataset, not the data (no source was given)'
        : 'its source names no address';
    none.push({ ...at, text: cut(input.source), reason });
  }
  for (const text of addresses) {
    const parsed = parseAddress(text);
    if (parsed.kind === 'none') {
      none.push({ ...at, text: cut(showAddress(text)), reason: parsed.reason });
      continue;
    }
    found.push({
      ...at,
      context: input.context,
      address: parsed.address,
      host: parsed.host,
      text: cut(showAddress(text)),
      dataset: { digest: input.digest, coversContent: digestCoversContent(input) },
    });
  }
}

function collectTags(run: RunView, found: Reference[], none: NoReference[]): void {
  const repository = run.tags.get('lakefs_repo');
  for (const key of commitTags) {
    const commit = run.tags.get(key)?.trim();
    if (commit === undefined || isOurs(key, commit, run)) continue;
    const at = { where: 'tag', name: key } as const;
    if (repository === undefined || repository.trim() === '') {
      none.push({
        ...at,
        text: cut(commit),
        reason: 'the tag lakefs_repo, which would say whose commit it is, is missing',
      });
    } else if (looksLikeCommit(commit)) {
      const address = { repository: repository.trim(), ref: commit, path: '' };
      found.push({ ...at, context: undefined, address, host: undefined, text: commit, dataset: undefined });
    } else {
      none.push({ ...at, text: cut(commit), reason: 'the value is not a commit id' });
    }
  }
}

/**
 * A guide tag that still has the value that we gave it is ours, and no evidence. Where somebody deleted the list that
 * says so, our verdict beside it does: a run that had declared the commit itself would not be called by these words.
 */
function isOurs(key: string, value: string, { tags }: RunView): boolean {
  if (key !== 'lakefs_commit') return false;
  const { wrote, ours } = readLinksTag(tags);
  if (ours) return wrote.lakefs_commit === value;
  return ['exact', 'resolved', 'likely'].includes(tags.get('lakefs.evidence') ?? '');
}

function cut(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}
