import { count, inBytes, toLine } from '../../domain/common/text.js';
import { type Block, gap, text, title } from '../shared/blocks.js';
import type { Datasets } from './datasets.js';

/** The answer for people. */
export function datasetsBlocks({ place, datasets, leftOut, complete }: Datasets): readonly Block[] {
  const { repository, ref, commit } = place;
  const at = ref === commit.id ? commit.id.slice(0, 12) : `${ref} (commit ${commit.id.slice(0, 12)})`;
  return [
    title(
      `${repository.id}/${at}: ${datasets.length === 0 ? 'no datasets' : count(datasets.length, 'dataset')}`,
    ),
    ...(complete
      ? []
      : [text('It holds too many objects to read them all: only its folders were looked at.')]),
    ...datasets.flatMap((dataset) => {
      const { path, name, reason, added, bytes } = dataset;
      const usual = path === '' ? repository.id : `${repository.id}/${path.slice(0, -1)}`;
      const parts = [
        reason,
        ...(complete ? [count(added, 'object'), inBytes(bytes)] : []),
        ...(name === usual ? [] : [`called ${name}`]),
      ];
      return [
        gap,
        text(path === '' ? '(the whole repository)' : toLine(path, maxShown)),
        text(`  ${parts.join(' · ')}`),
      ];
    }),
    gap,
    ...(leftOut.objects === 0
      ? []
      : [
          text(
            `Left out: ${count(leftOut.objects, 'object')} without a dataset, such as ${leftOut.examples.map((one) => toLine(one, maxShown)).join(', ')}`,
          ),
        ]),
    text('A commit is registered with those of its datasets that it changes.'),
  ];
}

/** Characters of a path. */
const maxShown = 1_024;
