import { count, inBytes, shown } from '../../domain/common/text.js';
import { withoutEndSlashes } from '../../domain/paths/path.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import type { PlainLink } from '../shared/schema.js';
import { numberText } from '../shared/words.js';
import type {
  ComparedPair,
  ComparedRun,
  Comparison,
  Difference,
  ObjectDifference,
  Outcome,
  Relation,
} from './schema.js';

const outcomes: Readonly<Record<Outcome, string>> = {
  same: 'The same data',
  differ: 'Different data',
  unknown: 'Cannot tell whether the data is the same',
};

const relations: Readonly<Record<Relation, string>> = {
  'same-source': 'the same commit and path',
  'same-bytes': 'the same bytes',
  differ: 'the bytes differ',
  'only-first': 'only the first names it',
  'only-second': 'only the second names it',
  unknown: 'unknown',
};

/** The answer for people. */
export function comparisonBlocks({
  first,
  second,
  outcome,
  reason,
  pairs,
  code,
}: Comparison): readonly Block[] {
  return [
    title(outcomes[outcome]),
    text(shown(reason)),
    gap,
    ...runBlocks('first', first),
    ...runBlocks('second', second),
    field('code', ` ${shown(code.reason)}`, {
      text:
        code.relation === 'unknown' ? 'unknown:' : `${code.relation === 'same' ? 'the same' : 'differs'}:`,
      tone: code.relation === 'same' ? 'good' : 'doubt',
    }),
    ...pairs.flatMap(pairBlocks),
  ];
}

function runBlocks(label: string, { run, unexplained }: ComparedRun): readonly Block[] {
  const others = unexplained.map(({ name }) => `"${shown(name)}"`).join(', ');
  return [
    field(label, `run ${shown(run.name === '' ? run.id : run.name)} of experiment ${shown(run.experiment)}`),
    field('', run.page),
    ...(others === '' ? [] : [field('', `it also logged ${others}: source unknown`)]),
  ];
}

function pairBlocks(pair: ComparedPair): readonly Block[] {
  const { first, second, relation, certain, doubts, difference, housekeeping } = pair;
  const link = first ?? second;
  const name = link?.where === 'input' ? `Dataset "${shown(link.name)}"` : 'Declared commit';
  const condition = certain || relation === 'unknown' ? '' : ', if both read what they name';
  return [
    gap,
    title(name),
    ...(first === null ? [] : [field('first', placeOf(first))]),
    ...(second === null ? [] : [field('second', placeOf(second))]),
    field('data', condition, {
      text: housekeeping > 0 ? 'the same; only housekeeping files differ' : relations[relation],
      tone: certain && relation.startsWith('same') ? 'good' : 'doubt',
    }),
    ...doubts.map((doubt) => field('but', shown(doubt))),
    ...(difference === null ? [] : differenceBlocks(difference)),
  ];
}

function placeOf({ repository, commit, path, kind }: PlainLink): string {
  const where = withoutEndSlashes(path) === '' ? 'the whole commit (no path named)' : shown(path);
  return `${shown(repository)} at ${commit.slice(0, 12)}: ${where} (${kind})`;
}

function differenceBlocks({ added, removed, changed, complete, objects }: Difference): readonly Block[] {
  const hidden = added + removed + changed - objects.length;
  const counts = `${numberText(added)} added, ${numberText(removed)} removed, ${numberText(changed)} changed`;
  return [
    field('objects', `${counts}${complete ? '' : ', and more that were not counted'}`),
    ...objects.map((object) => field('', objectText(object))),
    ...(hidden > 0 ? [field('', `… and ${count(hidden, 'object')} more; use --limit to list them`)] : []),
  ];
}

function objectText({ type, path, before, after }: ObjectDifference): string {
  const sizes = [before, after].flatMap((size) => (size === null ? [] : [inBytes(size)])).join(' → ');
  return `${type} ${path === '' ? 'the object itself' : shown(path)}${sizes === '' ? '' : ` (${sizes})`}`;
}
