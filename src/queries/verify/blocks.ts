import { count, shorten, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { numberText } from '../shared/words.js';
import type { Finding, TagDifference, Verification } from './schema.js';

/** Longer values are cut: `lakefs.links` may have 4,900 bytes. */
const maxShown = 80;

/** The answer for people. */
export function verificationBlocks(verification: Verification): readonly Block[] {
  const { scope, runs, cut, settled, findings, differ, unknown } = verification;
  const many = scope.kind === 'experiment';
  const hidden = differ + unknown - findings.length;
  return [
    title(`Verified ${scope.kind} ${shown(scope.name)}${many ? `: ${count(runs, 'run')}` : ''}`),
    text(scope.page),
    ...(cut ? [text('Only the newest runs were checked, not the older ones.')] : []),
    ...settled.map(({ reason, runs: number }) =>
      many ? field(numberText(number), reason) : text(sentence(reason)),
    ),
    ...(many && differ > 0
      ? [field(numberText(differ), 'have tags that differ from what they should be')]
      : []),
    ...(many && unknown > 0 ? [field(numberText(unknown), 'could not be checked')] : []),
    ...findings.flatMap((finding) => findingBlocks(finding, many)),
    ...(hidden > 0 ? [gap, text(`… and ${count(hidden, 'run')} more; use --limit to list them.`)] : []),
  ];
}

/** One line for the end; undefined where everything is as it should be. */
export function disagreement({ scope, runs, differ, unknown }: Verification): string | undefined {
  if (differ === 0 && unknown === 0) return undefined;
  if (scope.kind === 'run') {
    return `the tags of run ${scope.name} ${differ > 0 ? 'differ from what they should be' : 'could not be checked'}`;
  }
  const parts = [
    ...(differ > 0
      ? [`the tags of ${numberText(differ)} of ${count(runs, 'run')} differ from what they should be`]
      : []),
    ...(unknown > 0 ? [`${numberText(unknown)} of ${count(runs, 'run')} could not be checked`] : []),
  ];
  return parts.join(', and ');
}

function findingBlocks(finding: Finding, many: boolean): readonly Block[] {
  const { id, name, page, reason, differences = [], putRight = '' } = finding;
  const head = many ? [title(`Run ${shown(name === '' ? id : name)}`), text(page)] : [];
  if (reason !== undefined) return [gap, ...head, text(`It could not be checked: ${shown(reason)}`)];
  return [gap, ...head, ...differences.map(differenceBlock), text(putRight)];
}

function differenceBlock({ key, there, should }: TagDifference): Block {
  const is = there === null ? 'is absent' : `is ${value(there)}`;
  return field(shown(key), `${is}, should be ${should === null ? 'absent' : value(should)}`);
}

function value(text: string): string {
  return `"${shorten(shown(text), maxShown)}"`;
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
