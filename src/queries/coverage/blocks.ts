import { count, shown } from '../../domain/common/text.js';
import { type Block, code, field, gap, text, title } from '../shared/blocks.js';
import { refusedBlocks } from '../shared/scan-coverage.js';
import { shownTime } from '../shared/words.js';
import { mendingOf } from './advice.js';
import { missingFor, percentOf } from './tally.js';
import type { Coverage, CoverageExample, CoverageGroup, CoverageWord } from './types.js';

/** The answer for people. */
export function coverageBlocks(coverage: Coverage): readonly Block[] {
  const { scope, runs, covered, running, groups, beside } = coverage;
  const percent = percentOf(coverage);
  if (percent === undefined)
    return [
      title(scopeText(coverage)),
      text(`No ${noun(coverage)}s: nothing to cover.`),
      ...refusedBlocks(scope.refused),
    ];
  return [
    title(scopeText(coverage)),
    ...(scope.page === undefined ? [] : [text(scope.page)]),
    text(summary(coverage)),
    ...refusedBlocks(scope.refused),
    field(
      'covered',
      `${said(covered)} of ${said(runs)}: all links of these are certain (declared, exact, resolved)`,
      {
        text: `${percent} %, `,
        tone: covered === runs ? 'good' : 'doubt',
      },
    ),
    ...(running === 0 ? [] : [field('running', `${said(running)}, which may still say more`)]),
    ...(beside.runs === 0
      ? []
      : [
          field(
            'beside',
            `${said(beside.runs)} of the covered with another dataset, of which nothing is known`,
          ),
          ...beside.examples.map((example) => field('', exampleText(example))),
        ]),
    ...groups.flatMap((group, index) => groupBlocks(group, noun(coverage), groups.slice(0, index))),
    ...(groups.length === 0
      ? []
      : [
          gap,
          text(
            '"lakefs-mlflow lineage RUN" tells all that is known of one, and the lines that mend a run that is there already.',
          ),
        ]),
  ];
}

/** `covered are 341 of 412 runs (82.7 %): 51 more are needed for 95 %`; undefined where enough are. */
export function shortText(coverage: Coverage, min: number): string | undefined {
  const missing = missingFor(min, coverage);
  if (missing === 0) return undefined;
  const { covered, runs } = coverage;
  return `covered are ${said(covered)} of ${count(runs, noun(coverage))} (${percentOf(coverage)} %): ${said(missing)} more are needed for ${min} %`;
}

/** Lines that stand there already are not repeated. */
function groupBlocks(
  { word, cause, runs, hint, examples }: CoverageGroup,
  unit: string,
  above: readonly CoverageGroup[],
): readonly Block[] {
  const { why, how, lines, launch } = mendingOf(cause, hint);
  const repeated = above.some((other) => sameLines(mendingOf(other.cause, other.hint).lines, lines));
  return [
    gap,
    title(`${count(runs, unit)}, ${wordText(word)}: ${why}`),
    ...examples.map((example, index) => field(index === 0 ? 'such as' : '', exampleText(example))),
    text(repeated ? `${how.replace(/:$/, '')}, with the lines above.` : how),
    ...(lines.length === 0 || repeated ? [] : [code(lines)]),
    ...(launch.length === 0 || repeated
      ? []
      : [
          text('If the script cannot be changed, start it like this, and let it read $LAKEFS_DATA_URI:'),
          code(launch),
        ]),
  ];
}

function sameLines(left: readonly string[], right: readonly string[]): boolean {
  return right.length > 0 && left.join('\n') === right.join('\n');
}

function exampleText({ unit, detail }: CoverageExample): string {
  const name = unit.name === '' ? '' : `${shown(unit.name)} `;
  return `${name}${unit.run ?? ''}${detail === '' ? '' : `: ${shown(detail)}`}`.trim();
}

function summary(coverage: Coverage): string {
  const parts = [...coverage.words].map(([word, runs]) => `${said(runs)} ${wordText(word)}`);
  return `${count(coverage.runs, noun(coverage))}: ${parts.join(', ')}`;
}

function wordText(word: CoverageWord): string {
  if (word === 'nothing') return 'nothing known';
  return word === 'unknown' ? 'not judged' : word;
}

function noun({ scope }: Coverage): string {
  return scope.kind === 'model' ? 'version' : 'run';
}

function scopeText({ scope }: Coverage): string {
  const { kind, name, since, limit, experiments } = scope;
  const whose = kind === 'all' ? `of ${count(experiments, 'experiment')}` : `of ${kind} ${shown(name ?? '')}`;
  const newest = limit === undefined ? '' : `, the newest ${said(limit)}`;
  return `Coverage ${whose}${since === undefined ? '' : ` since ${shownTime(since)}`}${newest}`;
}

function said(number: number): string {
  return number.toLocaleString('en');
}
