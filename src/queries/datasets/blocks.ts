import { count, inBytes, toLine } from '../../domain/common/text.js';
import { type Block, gap, text, title } from '../shared/blocks.js';
import type { Datasets } from './schema.js';

/** Characters of a path. */
const maxShown = 1_024;

/** The answer for people. */
export function datasetsBlocks({ repository, ref, commit, datasets, leftOut }: Datasets): readonly Block[] {
  const short = commit.slice(0, 12);
  const at = ref === commit ? short : `${ref} (commit ${short})`;
  const left = leftOut === undefined || leftOut.objects === 0 ? undefined : leftOut;
  return [
    title(
      `${repository}/${at}: ${datasets.length === 0 ? 'no datasets' : count(datasets.length, 'dataset')}`,
    ),
    ...(leftOut === undefined ? [text('Too many objects to read them all: only folders were read.')] : []),
    ...datasets.flatMap(({ path, name, rule, objects, bytes }) => {
      const usual = path === '' ? repository : `${repository}/${path.slice(0, -1)}`;
      const parts = [
        rule,
        ...(objects === undefined ? [] : [count(objects, 'object')]),
        ...(bytes === undefined ? [] : [inBytes(bytes)]),
        ...(name === usual ? [] : [`called ${name}`]),
      ];
      return [
        gap,
        text(path === '' ? '(the whole repository)' : toLine(path, maxShown)),
        text(`  ${parts.join(' · ')}`),
      ];
    }),
    gap,
    ...(left === undefined
      ? []
      : [
          text(
            `In no dataset: ${count(left.objects, 'object')}, such as ${left.examples.map((one) => toLine(one, maxShown)).join(', ')}`,
          ),
        ]),
    text('A commit is registered with the datasets that it changes.'),
  ];
}
