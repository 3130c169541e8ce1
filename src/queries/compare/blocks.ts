import type { Link } from '../../contract/run.js';
import { count, inBytes, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import type { Side } from '../shared/examined-run.js';
import { plainPath } from './pair.js';
import type { ComparedPair, Comparison, Difference, ObjectDifference, Outcome, Relation } from './types.js';

const outcomes: Readonly<Record<Outcome, string>> = {
  same: 'The same data',
  differ: 'Different data',
  unknown: 'Not known whether it is the same data',
};

const relations: Readonly<Record<Relation, string>> = {
  'same-source': 'the same commit and path',
  'same-bytes': 'the same bytes',
  differ: 'the bytes differ',
  'only-first': 'only the first names it',
  'only-second': 'only the second names it',
  unknown: 'not known',
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
    ...sideBlocks('first', first),
    ...sideBlocks('second', second),
    field('code', ` ${shown(code.reason)}`, {
      text:
        code.relation === 'unknown' ? 'not known:' : `${code.relation === 'same' ? 'the same' : 'differs'}:`,
      tone: code.relation === 'same' ? 'good' : 'doubt',
    }),
    ...pairs.flatMap(pairBlocks),
  ];
}

function sideBlocks(label: string, { run, unexplained }: Side): readonly Block[] {
  const beside = unexplained.map(({ name }) => `"${shown(name)}"`).join(', ');
  return [
    field(label, `run ${shown(run.name === '' ? run.id : run.name)} of experiment ${shown(run.experiment)}`),
    field('', run.page),
    ...(beside === '' ? [] : [field('', `it also logged ${beside}, of which nothing is known`)]),
  ];
}

function pairBlocks(pair: ComparedPair): readonly Block[] {
  const { left, right, relation, certain, doubts, difference, housekeeping } = pair;
  const link = left ?? right;
  const name = link?.where === 'input' ? `Dataset "${shown(link.name)}"` : 'The commit that is declared';
  const if_ = certain || relation === 'unknown' ? '' : ', if they read what is named';
  return [
    gap,
    title(name),
    ...(left === undefined ? [] : [field('first', placeOf(left))]),
    ...(right === undefined ? [] : [field('second', placeOf(right))]),
    field('data', if_, {
      text: housekeeping > 0 ? 'the same data, housekeeping differs' : relations[relation],
      tone: certain && relation.startsWith('same') ? 'good' : 'doubt',
    }),
    ...doubts.map((doubt) => field('but', shown(doubt))),
    ...(difference === undefined ? [] : differenceBlocks(difference)),
  ];
}

function placeOf({ repository, commit, path, kind }: Link): string {
  const where = plainPath(path) === '' ? 'all of it, as no path is named' : shown(path);
  return `${shown(repository)} at ${commit.slice(0, 12)}: ${where} (${kind})`;
}

function differenceBlocks({ added, removed, changed, complete, objects }: Difference): readonly Block[] {
  const hidden = added + removed + changed - objects.length;
  const more = complete ? '' : ', and more that was not counted';
  return [
    field('objects', `${said(added)} added, ${said(removed)} removed, ${said(changed)} changed${more}`),
    ...objects.map((object) => field('', objectText(object))),
    ...(hidden > 0 ? [field('', `… and ${count(hidden, 'object')} more: --limit shows more of them`)] : []),
  ];
}

function objectText({ type, path, before, after }: ObjectDifference): string {
  const sizes = [before, after].flatMap((size) => (size === undefined ? [] : [inBytes(size)])).join(' → ');
  return `${type} ${path === '' ? 'the object itself' : shown(path)}${sizes === '' ? '' : ` (${sizes})`}`;
}

function said(number: number): string {
  return number.toLocaleString('en');
}
