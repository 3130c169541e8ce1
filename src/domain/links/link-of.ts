import { type Flag, isVersionFlag } from '../../contract/flags.js';
import { byPlace } from '../../contract/links-tag.js';
import type { Link } from '../../contract/run.js';
import { type EvidenceKind, evidenceKinds } from '../../contract/words.js';
import type { Reference } from '../references/reference.js';

/** A reference that names a commit which is really there. */
export interface ResolvedReference {
  readonly reference: Reference;
  readonly installation: string;
  /** The full id, where the reference holds only its beginning. */
  readonly commit: string;
}

export function linkOf(entry: ResolvedReference, kind: EvidenceKind, flags: readonly Flag[] = []): Link {
  const { reference, installation, commit } = entry;
  return {
    installation,
    repository: reference.address.repository,
    commit,
    ref: reference.address.ref,
    path: reference.address.path,
    where: reference.where,
    name: reference.name,
    ...(reference.context === undefined ? {} : { context: reference.context }),
    kind,
    // A tag that has moved may have led elsewhere when the run read it.
    certain: kind === 'declared' || kind === 'exact' || (kind === 'resolved' && flags.every(isVersionFlag)),
    flags,
  };
}

/**
 * A link that was found twice keeps its strongest kind. What a tag leads to stays beside what is named otherwise: were it
 * forgotten, the tag would be looked up anew after it was moved.
 */
export function strongest(links: readonly Link[]): readonly Link[] {
  const kept = new Map<string, Link>();
  for (const link of [...links].sort(byPlace)) {
    const tag = link.kind === 'resolved' ? link.ref : '';
    const key = JSON.stringify([link.installation, link.repository, link.commit, link.path, tag]);
    const other = kept.get(key);
    if (other === undefined || strength(link) < strength(other)) kept.set(key, link);
  }
  return [...kept.values()].sort(byPlace);
}

/** The smaller, the stronger. */
export function strength(link: Link): number {
  return evidenceKinds.indexOf(link.kind);
}
