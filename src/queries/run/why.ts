import { shown } from '../../domain/common/text.js';
import { type Block, field, gap, type Mark, text, title } from '../shared/blocks.js';
import { explainEvidence } from '../shared/evidence.js';
import type { LinkAnswer, ReferenceAnswer } from '../shared/schema.js';
import { shownSource } from '../shared/words.js';
import type { RunLineage } from './schema.js';

/** Every reference and every non-reference, with what became of it. */
export function whyBlocks({ references, links, catalog }: RunLineage): readonly Block[] {
  if (catalog !== undefined)
    return [gap, text('Runs of the catalog are never treated as consumers of data.')];
  if (references.length === 0) {
    return [
      gap,
      text('Nothing names data: there is no dataset input, and no tag or param with a lakeFS address.'),
    ];
  }
  return [
    gap,
    title('Everything that was checked'),
    ...references.flatMap((reference) => [gap, ...referenceBlocks(reference, links)]),
  ];
}

function referenceBlocks(reference: ReferenceAnswer, links: readonly LinkAnswer[]): readonly Block[] {
  return [
    title(shownSource(reference)),
    field('says', shown(reference.text)),
    field('verdict', ...verdictText(reference, links)),
  ];
}

function verdictText(reference: ReferenceAnswer, links: readonly LinkAnswer[]): [string, Mark] {
  const { commit, installation, reason } = reference;
  const link = linkOf(reference, links);
  if (commit === null) {
    const kept = link === undefined || link.kept === null ? '' : '; the link that was found earlier is kept';
    return [`: ${shown(reason ?? '')}${kept}`, { text: 'not used', tone: 'doubt' }];
  }
  const led = ` to commit ${commit.slice(0, 12)} of installation ${shown(installation ?? '')}`;
  const how =
    link === undefined
      ? ': it names no path, and a dataset names the same commit with one'
      : ` (${link.kind}): ${explainEvidence(link)}`;
  return [`${led}${how}`, { text: 'leads', tone: link?.certain === false ? 'doubt' : 'good' }];
}

/** The link that a reference led to. One of two references for the same data leads to none. */
function linkOf(
  { where, name, repository, path }: ReferenceAnswer,
  links: readonly LinkAnswer[],
): LinkAnswer | undefined {
  return links.find(
    (link) =>
      link.where === where && link.name === name && link.repository === repository && link.path === path,
  );
}
