import type { Link } from '../../contract/run.js';
import { guideTag } from '../../contract/tags.js';
import { shown } from '../../domain/common/text.js';
import type { Address } from '../../domain/references/address.js';
import { type Block, code, gap, text, title } from '../shared/blocks.js';
import { runLines, scriptLines } from '../shared/script-lines.js';
import type { LookedAt } from '../shared/types.js';
import { shownSource } from '../shared/words.js';
import type { FoundLink, Lineage } from './types.js';

/** What is said where nothing is known: what was looked at, and the lines that would have made it known. */
export function mending(lineage: Lineage): readonly Block[] {
  const { references, run, hint } = lineage;
  return [
    text('It is not known what data of lakeFS this run read.'),
    gap,
    title('Looked at'),
    ...looked(references),
    gap,
    title('To make it known from the next run on, add to the training script'),
    code(scriptLines(hint)),
    gap,
    title('For this run, if you know the commit'),
    code(runLines(run.id, hint)),
  ];
}

/** The lines that make it certain from the next run on, where a link is by a branch. */
export function mendingUnsure({ links }: Lineage): readonly Block[] {
  const unsure = unsureLink(links);
  if (unsure === undefined) return [];
  return [
    gap,
    title('To make it certain from the next run on, add to the training script'),
    code(scriptLines(addressOf(unsure))),
  ];
}

/** A link that only a branch's history speaks for. */
export function unsureLink(links: readonly FoundLink[]): Link | undefined {
  return links.map(({ link }) => link).find(({ kind }) => kind === 'inferred' || kind === 'ambiguous');
}

export function addressOf({ repository, ref, path }: Link): Address {
  return { repository, ref, path };
}

function looked(references: readonly LookedAt[]): readonly Block[] {
  const inputs = references.some(({ where }) => where === 'input');
  const tags = references.some(({ where }) => where === 'tag');
  return [
    ...references.map((reference) => text(lookedLine(reference))),
    ...(inputs ? [] : [text('- dataset inputs: the run logged none')]),
    ...(tags
      ? []
      : [text(`- tags: neither ${guideTag.commit} nor another that names data of lakeFS is there`)]),
  ];
}

function lookedLine(reference: LookedAt): string {
  const { verdict, text: said } = reference;
  const reason = verdict.kind === 'none' ? `: ${shown(verdict.reason)}` : '';
  const value = reference.address === undefined && reference.where === 'input' ? '' : ` ${shown(said)}`;
  return `- ${shownSource(reference)}${value}${reason}`;
}
