import { shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { scanCoverageBlocks } from '../shared/scan-coverage.js';
import {
  branchFields,
  commitDetails,
  consumerBlocks,
  listFields,
  numberText,
  readByText,
  shownCommit,
  shownPath,
} from '../shared/words.js';
import type { CommitLineage } from './schema.js';

/** More than these are counted, and all are in the JSON. */
const maxConsumers = 10;
const maxPaths = 8;

/** The answer for people. */
export function commitBlocks(lineage: CommitLineage): readonly Block[] {
  const { commit, readers, looked, makers, branches, limits } = lineage;
  const hidden = readers.length - maxConsumers;
  return [
    title(`${shown(commit.repository)} at ${shownCommit(commit)}`),
    ...commitDetails(commit),
    ...makers.map((id, index) =>
      field(index === 0 ? 'produced by' : '', `run ${shown(id)}, according to its metadata`),
    ),
    ...listFields('changed', changedLines(lineage), maxPaths, 'more path'),
    ...branchFields(branches, limits.branches),
    gap,
    text(readers.length === 0 ? 'No known run has read this commit.' : `${readByText(readers)}:`),
    ...readers.slice(0, maxConsumers).flatMap((consumer) => [gap, ...consumerBlocks(consumer)]),
    ...(hidden > 0 ? [gap, text(`… and ${numberText(hidden)} more; --json lists all.`)] : []),
    gap,
    ...scanCoverageBlocks(looked),
  ];
}

function changedLines({ candidates, emptied }: CommitLineage): readonly string[] {
  if (candidates.length + emptied.length === 0) return ['no data'];
  const empty = emptied.map((path) => `${path === '' ? 'the root' : shown(path)}: all removed`);
  return [...candidates.map(shownPath), ...empty];
}
