import { count, shorten, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { putRight } from './advice.js';
import type { Finding, TagDifference, Verification } from './types.js';

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
    ...(cut ? [text('Only the newest runs were looked at: of the older ones nothing is known.')] : []),
    ...[...settled].map(([reason, number]) => (many ? field(said(number), reason) : text(sentence(reason)))),
    ...(many && differ > 0 ? [field(said(differ), 'have tags that differ from what they should be')] : []),
    ...(many && unknown > 0 ? [field(said(unknown), 'could not be judged now')] : []),
    ...findings.flatMap((finding) => findingBlocks(finding, many)),
    ...(hidden > 0 ? [gap, text(`… and ${count(hidden, 'run')} more: --limit shows more of them.`)] : []),
  ];
}

/** One line for the end; undefined where everything is as it should be. */
export function disagreement({ scope, runs, differ, unknown }: Verification): string | undefined {
  if (differ === 0 && unknown === 0) return undefined;
  if (scope.kind === 'run') {
    return `the tags of run ${scope.name} ${differ > 0 ? 'differ from what they should be' : 'could not be judged now'}`;
  }
  const parts = [
    ...(differ > 0
      ? [`the tags of ${said(differ)} of ${count(runs, 'run')} differ from what they should be`]
      : []),
    ...(unknown > 0 ? [`${said(unknown)} of ${count(runs, 'run')} could not be judged now`] : []),
  ];
  return parts.join(', and ');
}

function findingBlocks(finding: Finding, many: boolean): readonly Block[] {
  const { run } = finding;
  const name = many ? [title(`Run ${shown(run.name === '' ? run.id : run.name)}`), text(run.page)] : [];
  if (finding.kind === 'unknown')
    return [gap, ...name, text(`It could not be judged now: ${shown(finding.reason)}`)];
  return [gap, ...name, ...finding.differences.map(differenceBlock), text(putRight(finding))];
}

function differenceBlock({ key, there, should }: TagDifference): Block {
  const is = there === undefined ? 'is absent' : `is ${value(there)}`;
  return field(shown(key), `${is}, should be ${should === undefined ? 'absent' : value(should)}`);
}

function value(text: string): string {
  return `"${shorten(shown(text), maxShown)}"`;
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

function said(number: number): string {
  return number.toLocaleString('en');
}
