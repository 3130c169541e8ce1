import type { TableVersion } from '../../contract/flags.js';
import type { Link } from '../../contract/run.js';
import type { Address } from './address.js';

/** What a run says it read, and where it says so. */
export interface Reference {
  readonly where: Link['where'];
  /** The dataset's name, or the key of the tag or param. */
  readonly name: string;
  readonly context: string | undefined;
  readonly address: Address;
  /** For an http(s) address: the host, which must be a lakeFS server's. */
  readonly host: string | undefined;
  /** The text as found, without secrets, at most 300 characters. */
  readonly text: string;
  /** Set for a reference of a dataset input. */
  readonly dataset: { readonly digest: string; readonly digestOfSource?: true } | undefined;
  /** For `parent`: the id of the run that says it. */
  readonly run?: string;
  /** The version of the table at the address, where the run records it. */
  readonly version?: TableVersion;
}

/** Something that looked like a reference and is none, for `--why`. */
export interface NoReference {
  readonly where: Link['where'];
  readonly name: string;
  readonly text: string;
  /** For `parent`: the id of the run that says it. */
  readonly run?: string;
  readonly reason: string;
}

/** A commit that a run names by key, without a key that says whose it is. Which repository has it, lakeFS tells. */
export interface UnplacedCommit {
  readonly where: Link['where'];
  readonly name: string;
  readonly text: string;
  /** For `parent`: the id of the run that says it. */
  readonly run?: string;
  /** An id, or the beginning of one. */
  readonly commit: string;
  /** The repositories that the run names elsewhere: in addresses, or by keys that do not belong to this one. */
  readonly repositories: readonly string[];
}

export interface References {
  readonly found: readonly Reference[];
  readonly none: readonly NoReference[];
}

/** What one run says by itself. */
export interface OwnReferences extends References {
  readonly unplaced: readonly UnplacedCommit[];
  /** Branches that count only where no commit is there that the run names beside them. */
  readonly fallbacks: readonly Reference[];
}
