import { guideTag } from '../../contract/tags.js';
import { shown } from '../../domain/common/text.js';
import type { Address } from '../../domain/references/address.js';
import { type Block, code, gap, text, title } from '../shared/blocks.js';
import type { LinkAnswer, ReferenceAnswer } from '../shared/schema.js';
import { runLines, scriptLines } from '../shared/script-lines.js';
import { shownSource } from '../shared/words.js';
import type { RunLineage } from './schema.js';

/** Where nothing is known: what was checked, and how to make it known. Where only a branch is: how to be certain. */
export function adviceBlocks({ known, references, mend }: RunLineage): readonly Block[] {
  if (mend === undefined) return [];
  const { script, run } = mend;
  if (known) {
    return [gap, title('To make it certain for future runs, add this to the training script'), code(script)];
  }
  return [
    text('No lakeFS data is known for this run.'),
    gap,
    title('Checked'),
    ...checkedBlocks(references),
    gap,
    title('To make it known for future runs, add this to the training script'),
    code(script),
    gap,
    title('For this run, if you know the commit'),
    code(run),
  ];
}

function checkedBlocks(references: readonly ReferenceAnswer[]): readonly Block[] {
  const inputs = references.some(({ where }) => where === 'input');
  const tags = references.some(({ where }) => where === 'tag');
  return [
    ...references.map((reference) => text(checkedLine(reference))),
    ...(inputs ? [] : [text('- dataset inputs: none logged')]),
    ...(tags ? [] : [text(`- tags: neither ${guideTag.commit} nor any other that names lakeFS data`)]),
  ];
}

function checkedLine(reference: ReferenceAnswer): string {
  const { reason, repository, where, text: value } = reference;
  const said = repository === null && where === 'input' ? '' : ` ${shown(value)}`;
  return `- ${shownSource(reference)}${said}${reason === null ? '' : `: ${shown(reason)}`}`;
}

/**
 * The lines that make it known what a run read: for the script and for this run where nothing is known, for the script
 * where only a branch's history speaks for a link; undefined where there is nothing to fix.
 *
 * @param hint what the run names in a repository that exists, though no commit of it
 */
export function fixLines(
  runId: string,
  links: readonly Pick<LinkAnswer, 'kind' | 'repository' | 'ref' | 'path'>[],
  hint: Address | undefined,
): RunLineage['mend'] {
  if (links.length === 0) return { script: scriptLines(hint), run: runLines(runId, hint) };
  const unsure = links.find(({ kind }) => kind === 'inferred' || kind === 'ambiguous');
  return unsure === undefined ? undefined : { script: scriptLines(unsure), run: [] };
}
