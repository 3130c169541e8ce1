import {
  ambiguous,
  type Case,
  example,
  inferred,
  links,
  type RunSpec,
  resolved,
  run,
  tag,
} from '../harness/vocabulary.js';
import { changed, csv, elsewhere, first } from './shared.js';

const data = { params: { data: `s3://{repo}/main/${csv}` } };
const clock = { clock: true };
const minutes = 60;

/** Optuna's callback begins and ends the run when the trial is over. */
const trial = (lasted: number, more: Partial<NonNullable<RunSpec['trial']>> = {}): RunSpec => ({
  ...data,
  trial: { lasted, ...more },
  lasts: 1,
});

const rule = 'design 3 inferred: the read may come before the run begins; facts/mlflow 11: Optuna, Lightning';

export const late: readonly Case[] = [
  example(
    'a trial of Optuna that began before the branch moved',
    rule,
    [first, changed, run('r', trial(15 * minutes))],
    { r: links(ambiguous('a', csv, { flags: ['path changed'] })) },
    clock,
  ),
  example(
    'a trial of Optuna in another time zone that began before the branch moved',
    rule,
    [first, changed, run('r', trial(15 * minutes, { zone: 5.75 }))],
    { r: links(ambiguous('a', csv, { flags: ['path changed'] })) },
    clock,
  ),
  example(
    'the first trial of Optuna, which began after the branch moved',
    rule,
    [first, changed, run('r', trial(5 * minutes, { zone: -8 }))],
    { r: links(inferred('b', csv)) },
    clock,
  ),
  example(
    'a later trial of Optuna, whose data may have been loaded before the branch moved',
    rule,
    [first, changed, run('r', trial(5 * minutes, { number: 7 }))],
    { r: links(ambiguous('b', csv, { flags: ['path changed'] })) },
    clock,
  ),
  example(
    'a trial of Optuna that does not say when it ended',
    rule,
    [first, changed, run('r', trial(15 * minutes, { unended: true }))],
    { r: links(ambiguous('b', csv, { flags: ['path changed'] })) },
    clock,
  ),
  example(
    'a run that logs epochs, begun ten minutes after the branch moved',
    rule,
    [first, changed, run('r', { ...data, metrics: { epoch: 1, loss: 0.5 } })],
    { r: links(ambiguous('b', csv, { flags: ['path changed'] })) },
    clock,
  ),
  example(
    'a run that logs epochs, of a branch that moved elsewhere only',
    rule,
    [first, elsewhere, run('r', { ...data, metrics: { epoch: 1, loss: 0.5 } })],
    { r: links(inferred('b', csv)) },
    clock,
  ),
  example(
    'a run that logs no epochs, begun ten minutes after the branch moved',
    'design 3 inferred: its head around the run’s start',
    [first, changed, run('r', { ...data, metrics: { loss: 0.5 } })],
    { r: links(inferred('b', csv)) },
    clock,
  ),
  example(
    'a trial of Optuna that reads by a tag made while it ran',
    'design 3 resolved: not certain where the commit is younger than the run’s start, here that of the trial',
    [
      first,
      changed,
      tag('v1', 'b'),
      run('r', { ...trial(25 * minutes), params: { data: `s3://{repo}/v1/${csv}` } }),
    ],
    {
      r: { ...links(resolved('b', csv, { flags: ['younger than the run'] })), read: [] },
    },
    clock,
  ),
];
