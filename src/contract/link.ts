import type { Flag } from './flags.js';
import type { EvidenceKind } from './words.js';

/** One link as `lakefs.links` keeps it, for machines. Keys are part of the contract (docs/tags.md). */
export interface Link {
  readonly installation: string;
  readonly repository: string;
  /** 64 lower-case hex digits. */
  readonly commit: string;
  /** The ref as the run names it. */
  readonly ref: string;
  /** As the run names it; empty for a link that names a commit only. */
  readonly path: string;
  /** Where the run says so. */
  readonly where: 'input' | 'tag' | 'param' | 'parent';
  /** The dataset's name, or the key of the tag or param. */
  readonly name: string;
  readonly context?: string;
  readonly kind: EvidenceKind;
  readonly certain: boolean;
  readonly flags: readonly Flag[];
}

/** True for what a branch or tag came to: unlike a commit's id, it may lead elsewhere by now. */
export function isReadingKind(kind: EvidenceKind): kind is 'resolved' | 'inferred' | 'ambiguous' {
  return kind === 'resolved' || kind === 'inferred' || kind === 'ambiguous';
}
