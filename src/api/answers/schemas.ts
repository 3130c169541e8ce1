import { evidenceKinds, linkStatuses } from '../../contract/words.js';
import {
  answer,
  count,
  describe,
  flag,
  listOf,
  oneOf,
  orNull,
  type Schema,
  text,
  textOrNull,
  time,
} from '../schema.js';

/** What several answers have in common. docs/lineage.md has it in words. */

export const evidence: Schema = oneOf(...evidenceKinds);

export const run: Schema = answer({
  ...{ id: text, name: text, experimentId: text, experiment: text, status: text, deleted: flag },
  ...{ startTime: time, endTime: time, page: text },
});

const commitFields = {
  ...{ installation: textOrNull, repository: text, branch: textOrNull, commit: text },
  found: describe(flag, 'Whether lakeFS has the commit now'),
  ...{ message: textOrNull, committer: textOrNull, date: time, page: textOrNull },
};

export const commit: Schema = answer(commitFields);

export const link: Schema = answer({
  ...commitFields,
  ...{ path: text, ref: text, where: text, name: text, context: textOrNull, kind: evidence, certain: flag },
  ...{ flags: listOf(text), explanation: text },
  kept: describe(textOrNull, 'Why it cannot be checked now, for a link that was found earlier'),
  status: describe(oneOf(...linkStatuses, 'unknown'), 'Whether the data is still good'),
  because: describe(textOrNull, 'Since which commit it is superseded or reverted'),
  statusReason: text,
  sameAs: describe(listOf(text), 'Other commits that the run names, at which these bytes are the same'),
});

/** A link as `lakefs.links` holds it. */
export const plainLink: Schema = answer({
  ...{ installation: text, repository: text, commit: text, ref: text, path: text, where: text, name: text },
  ...{ context: textOrNull, kind: evidence, certain: flag, flags: listOf(text) },
});

export const reference: Schema = answer({
  ...{ where: text, name: text, context: textOrNull, run: textOrNull, text },
  ...{ repository: textOrNull, ref: textOrNull, path: textOrNull, verdict: oneOf('commit', 'none') },
  ...{ commit: textOrNull, installation: textOrNull, reason: textOrNull },
});

export const model: Schema = answer({
  ...{ asked: text, name: textOrNull, version: textOrNull, aliases: listOf(text) },
  ...{ loggedModel: textOrNull, page: textOrNull },
});

const candidates: Schema = listOf(answer({ name: text, path: text }));

export const mending: Schema = answer({ script: listOf(text), run: listOf(text) });

export const version: Schema = answer({
  ...{ name: text, version: text, aliases: listOf(text), page: text },
});

/** How runs were found, and where a limit cut the look. */
export const looked: Schema = answer({
  ...{ tagged: count, taggedCut: flag, scanned: count, scanCut: flag },
  unjudged: listOf(answer({ run: text, problem: textOrNull })),
  unreadExperiments: listOf(text),
});

export const changedPath: Schema = answer({
  ...{ path: text, name: text, added: count, changed: count, removed: count, bytes: count },
});

export const catalog: Schema = answer({
  ...commitFields,
  candidates,
  consumers: orNull(count),
  double: flag,
});
