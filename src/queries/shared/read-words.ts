import type { Link } from '../../contract/run.js';
import { shown } from '../../domain/common/text.js';
import { certainty } from './evidence.js';

/** `gold/train at 1a2b3c4d5e6f`. */
export function shownRead({ path, commit }: Pick<Link, 'path' | 'commit'>): string {
  return `${path === '' ? 'no path is named' : shown(path)} at ${commit.slice(0, 12)}`;
}

/** `certain (exact)`. */
export function shownCertainty(link: Link): string {
  return `${certainty(link)} (${link.kind})`;
}

/** `churn version 3, alias champion`. */
export function shownVersion({
  name,
  version,
  aliases,
}: {
  readonly name: string;
  readonly version: string;
  readonly aliases: readonly string[];
}): string {
  const names = aliases.map(shown).join(', ');
  const under = names === '' ? '' : `, alias${aliases.length > 1 ? 'es' : ''} ${names}`;
  return `${shown(name)} version ${shown(version)}${under}`;
}
