import { readLinksTag } from '../../contract/links-tag.js';
import type { RunView } from '../../contract/run.js';
import { guideTag, guideTags } from '../../contract/tags.js';
import type { Examination } from '../../facts/links/examine.js';
import type { LookedAt } from '../shared/types.js';

/** All references and non-references of an examination in one list, with the tags that we wrote ourselves. */
export function lookedAt(run: RunView, { judged, none }: Examination): readonly LookedAt[] {
  return [
    ...judged.map(
      ({ reference, verdict }): LookedAt => ({
        where: reference.where,
        name: reference.name,
        context: reference.context,
        text: reference.text,
        address: reference.address,
        ...(reference.run === undefined ? {} : { run: reference.run }),
        verdict,
      }),
    ),
    ...none.map(({ reason, ...at }) => refused(at, reason)),
    ...ownTags(run),
  ];
}

function ownTags(run: RunView): readonly LookedAt[] {
  const { wrote } = readLinksTag(run.tags);
  return guideTags.flatMap((name) => {
    const text = run.tags.get(name);
    if (name !== guideTag.commit || text === undefined || text !== wrote[name]) return [];
    return [
      refused({ where: 'tag', name, text }, 'lakefs-mlflow wrote it, so it is an answer and no evidence'),
    ];
  });
}

function refused(at: Pick<LookedAt, 'where' | 'name' | 'text' | 'run'>, reason: string): LookedAt {
  return { ...at, context: undefined, address: undefined, verdict: { kind: 'none', reason } };
}
