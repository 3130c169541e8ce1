import { count, shown } from '../../domain/common/text.js';
import { type Block, code, field, gap, text, title } from '../shared/blocks.js';
import { unreadBlocks } from '../shared/scan-coverage.js';
import { numberText, shownTime } from '../shared/words.js';
import type { Coverage, CoverageExample, CoverageGroup } from './schema.js';
import { type CoverageWord, coverageWords } from './words.js';

/** The answer for people. */
export function coverageBlocks(coverage: Coverage): readonly Block[] {
  const { scope, runs, covered, running, groups, coveredBeside, percent } = coverage;
  const unread = unreadBlocks(scope.unreadExperiments);
  if (percent === null)
    return [title(scopeText(coverage)), text(`There are no ${noun(coverage)}s.`), ...unread];
  return [
    title(scopeText(coverage)),
    ...(scope.page === null ? [] : [text(scope.page)]),
    text(summary(coverage)),
    ...unread,
    field(
      'covered',
      `(${numberText(covered)} of ${numberText(runs)}): all links are declared, exact or resolved`,
      {
        text: `${percent} % `,
        tone: covered === runs ? 'good' : 'doubt',
      },
    ),
    ...(running === 0 ? [] : [field('running', `${numberText(running)}, which may still name more`)]),
    ...(coveredBeside.runs === 0
      ? []
      : [
          field(
            'partly',
            `${numberText(coveredBeside.runs)} of the covered ${noun(coverage)}s also logged a dataset whose source is unknown`,
          ),
          ...coveredBeside.examples.map((example) => field('', exampleText(example))),
        ]),
    ...groups.flatMap((group, index) => groupBlocks(group, noun(coverage), groups.slice(0, index))),
    ...(groups.length === 0
      ? []
      : [
          gap,
          text(
            '"lakefs-mlflow lineage RUN" shows all that is known of one run, and how to fix an existing run.',
          ),
        ]),
  ];
}

/** `3 of 9 runs covered (33.3 %); 95 % needs 6 more`; undefined where enough are, or no percentage is required. */
export function shortText(coverage: Coverage): string | undefined {
  const { covered, runs, percent, min } = coverage;
  if (min === null || min.met) return undefined;
  return `${numberText(covered)} of ${count(runs, noun(coverage))} covered (${percent} %); ${min.percent} % needs ${numberText(min.missing)} more`;
}

/** Lines that stand there already are not repeated. */
function groupBlocks(
  { evidence, runs, why, mend: { how, script, launch }, examples }: CoverageGroup,
  unit: string,
  above: readonly CoverageGroup[],
): readonly Block[] {
  const repeated = above.some(({ mend }) => sameLines(mend.script, script));
  return [
    gap,
    title(`${count(runs, unit)}, ${wordText(evidence)}: ${why}`),
    ...examples.map((example, index) => field(index === 0 ? 'such as' : '', exampleText(example))),
    text(repeated ? `${how.replace(/:$/, '')}, with the lines above.` : how),
    ...(script.length === 0 || repeated ? [] : [code(script)]),
    ...(launch.length === 0 || repeated
      ? []
      : [
          text('If you cannot change the script, start it like this, and let it read $LAKEFS_DATA_URI:'),
          code(launch),
        ]),
  ];
}

function sameLines(left: readonly string[], right: readonly string[]): boolean {
  return right.length > 0 && left.join('\n') === right.join('\n');
}

function exampleText({ run, name, detail }: CoverageExample): string {
  const label = name === '' ? '' : `${shown(name)} `;
  return `${label}${run ?? ''}${detail === '' ? '' : `: ${shown(detail)}`}`.trim();
}

function summary(coverage: Coverage): string {
  const counted = coverageWords.filter((word) => coverage.evidence[word] > 0);
  const parts = counted.map((word) => `${numberText(coverage.evidence[word])} ${wordText(word)}`);
  return `${count(coverage.runs, noun(coverage))}: ${parts.join(', ')}`;
}

function wordText(word: CoverageWord): string {
  if (word === 'nothing') return 'nothing known';
  return word === 'unknown' ? 'not checked' : word;
}

function noun({ scope }: Coverage): string {
  return scope.kind === 'model' ? 'version' : 'run';
}

function scopeText({ scope }: Coverage): string {
  const { kind, name, since, limit, experiments } = scope;
  const whose = kind === 'all' ? `of ${count(experiments, 'experiment')}` : `of ${kind} ${shown(name ?? '')}`;
  const newest = limit === null ? '' : `, the newest ${numberText(limit)}`;
  return `Coverage ${whose}${since === null ? '' : ` since ${shownTime(since)}`}${newest}`;
}
