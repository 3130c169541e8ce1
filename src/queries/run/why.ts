import { shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { explainEvidence } from '../shared/evidence.js';
import type { LookedAt } from '../shared/types.js';
import { shownSource } from '../shared/words.js';
import type { FoundLink, Lineage } from './types.js';

/** Every reference and every non-reference, with what became of it. */
export function whyBlocks({ references, links, catalog }: Lineage): readonly Block[] {
  if (catalog !== undefined)
    return [gap, text('A run of the catalog is never looked at as a reader of data.')];
  if (references.length === 0) {
    return [
      gap,
      text(
        'Nothing was found that could name data: no dataset input, no tag or param with an address of lakeFS.',
      ),
    ];
  }
  return [
    gap,
    title('Everything that was looked at'),
    ...references.flatMap((reference) => [gap, ...referenceBlocks(reference, links)]),
  ];
}

function referenceBlocks(reference: LookedAt, links: readonly FoundLink[]): readonly Block[] {
  return [
    title(shownSource(reference)),
    field('says', shown(reference.text)),
    field('verdict', ...verdictText(reference, links)),
  ];
}

function verdictText(
  reference: LookedAt,
  links: readonly FoundLink[],
): [string, { readonly text: string; readonly tone: 'good' | 'doubt' }] {
  const { verdict } = reference;
  const link = linkOf(reference, links);
  if (verdict.kind === 'none') {
    const kept = link?.kept === undefined ? '' : '; the link that was found earlier is kept';
    return [`: ${shown(verdict.reason)}${kept}`, { text: 'not used', tone: 'doubt' }];
  }
  const led = ` to commit ${verdict.commit.slice(0, 12)} of installation ${shown(verdict.installation)}`;
  const how =
    link === undefined
      ? ': it names no path, and a dataset names the same commit with one'
      : ` (${link.link.kind}): ${explainEvidence(link.link)}`;
  return [`${led}${how}`, { text: 'leads', tone: link?.link.certain === false ? 'doubt' : 'good' }];
}

/** The link that a reference made. One of two references for the same data makes none. */
function linkOf(reference: LookedAt, links: readonly FoundLink[]): FoundLink | undefined {
  const { where, name, address } = reference;
  return links.find(
    ({ link }) =>
      link.where === where &&
      link.name === name &&
      link.repository === address?.repository &&
      link.path === address.path,
  );
}
