import { answer, count, flag, listOf, oneOf, orNull, text, textOrNull, time } from '../schema.js';
import {
  catalog,
  changedPath,
  commit,
  evidence,
  link,
  looked,
  mending,
  model,
  reference,
  run,
  version,
} from './schemas.js';

const reader = answer({
  run,
  links: listOf(
    answer({
      ...{ installation: text, repository: text, commit: text, path: text, where: text, name: text },
      ...{ kind: evidence, certain: flag },
    }),
  ),
  versions: listOf(version),
});

export const runLineage = answer(
  {
    ...{ kind: oneOf('run', 'catalog'), known: flag, model, run, notes: listOf(text) },
    ...{ links: listOf(link), references: listOf(reference), catalog, mend: mending },
    made: answer({
      versions: listOf(version),
      loggedModels: listOf(text),
      produced: listOf(answer({ repository: text, commit: text })),
    }),
  },
  ['model', 'catalog', 'mend'],
);

const refKind = oneOf('commit', 'branch', 'tag', 'expression');

export const commitLineage = answer({
  ...{ kind: oneOf('commit'), asked: text, ref: text, refKind, commit },
  ...{ makers: listOf(text), candidates: listOf(changedPath), emptied: listOf(text) },
  branches: listOf(answer({ branch: text })),
  limits: answer({ branches: flag }),
  ...{ readers: listOf(reader), looked },
});

export const pathLineage = answer({
  ...{ kind: oneOf('path'), asked: text, ref: text, refKind, path: text, there: flag, commit },
  versions: listOf(
    answer({
      ...{ commit: text, message: text, committer: text, date: time, changed: orNull({ type: 'object' }) },
      ...{ emptied: flag, sameAs: textOrNull, alsoKnownAs: listOf(text), readers: listOf(reader) },
    }),
  ),
  ...{ others: listOf(reader), walked: count, limits: answer({ versions: flag }), looked },
});
