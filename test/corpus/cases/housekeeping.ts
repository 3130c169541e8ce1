import { tableSteps } from '../../support/lakefs/table-logs.js';
import { deltaMeta } from '../harness/inputs.js';
import {
  branch,
  type Case,
  commit,
  exact,
  example,
  type Label,
  links,
  look,
  merge,
  revert,
  run,
  type Step,
  squash,
} from '../harness/vocabulary.js';
import { reads } from './life-words.js';

const table = 'gold/orders/';
const delta = tableSteps('delta', table);
const iceberg = tableSteps('iceberg', table);
const readsTable = { inputs: [deltaMeta(`s3://{repo}/{a}/${table}`)] };
const current = links(exact('a', table));
const rewritten = links(exact('a', table, { flags: ['rewritten'] }));
const superseded = (because: string): Label => ({ ...current, status: 'superseded', because });
const isCurrent: Step = look({ r: current });
const csv = 'gold/train/a.csv';
const row = commit('a', { [csv]: '1' });
const readsRow = reads('a', 'gold/train/');
const sameRow = links(exact('a', 'gold/train/'));

export const housekeeping: readonly Case[] = [
  example(
    'a checkpoint of a Delta table',
    'design 8: what is known to change no row is no change (checkpoints)',
    [
      commit('a', delta('two writes', 'z-order')),
      run('r', readsTable),
      isCurrent,
      commit('b', delta('checkpoint')),
    ],
    { r: current },
  ),
  example(
    'Spark says that its write has ended',
    'design 8: what is known to change no row is no change (_SUCCESS)',
    [row, run('r', readsRow), commit('b', { 'gold/train/_SUCCESS': '', 'gold/train/.a.csv.crc': '1' })],
    { r: sameRow },
  ),
  example(
    'of a mark and a later row the row is the reason',
    'design 8: because is the oldest commit since which it has held',
    [
      row,
      run('r', readsRow),
      commit('b', { 'gold/train/_SUCCESS': '' }),
      commit('c', { 'gold/train/b.csv': '1' }),
      commit('d', { 'gold/train/_SUCCESS': null }),
    ],
    { r: { ...sameRow, status: 'superseded', because: 'main@c' } },
  ),
  example(
    'a Delta table is compacted',
    'design 8: a rewrite that the log calls one leaves current, with the flag rewritten',
    [commit('a', delta('two writes')), run('r', readsTable), isCurrent, commit('b', delta('optimize'))],
    { r: rewritten },
  ),
  example(
    'a Delta table is compacted and gets a row',
    'design 8: rewritten and a later change of rows is superseded, by the latter',
    [
      commit('a', delta('two writes')),
      run('r', readsTable),
      commit('b', delta('optimize')),
      look({ r: rewritten }),
      commit('c', delta('append')),
    ],
    { r: superseded('main@c') },
  ),
  example(
    'Z-order, a property and a vacuum of a Delta table',
    'design 8: each says dataChange false, and the vacuumed files were let go of before',
    [
      commit('a', delta('two writes', 'append')),
      run('r', readsTable),
      commit('b', delta('z-order')),
      commit('c', delta('properties')),
      commit('d', delta('vacuum')),
    ],
    { r: rewritten },
  ),
  example(
    'a Delta table gets a column',
    'design 8: a change of columns is no rewrite',
    [commit('a', delta('two writes', 'vacuum')), run('r', readsTable), commit('b', delta('add column'))],
    { r: superseded('main@b') },
  ),
  example(
    'a compaction of a Delta table is reverted',
    'design 8 current: nothing differs between X and the head',
    [
      commit('a', delta('two writes')),
      run('r', readsTable),
      commit('b', delta('optimize')),
      look({ r: rewritten }),
      revert('u', 'b'),
    ],
    { r: current },
  ),
  example(
    'a Delta table is compacted, with a file of another kind beside it',
    'design 8: only what the log explains is a rewrite',
    [
      commit('a', delta('two writes')),
      run('r', readsTable),
      commit('b', { ...delta('optimize'), [`${table}extra.csv`]: '1' }),
    ],
    { r: superseded('main@b') },
  ),
  example(
    'the files of an Iceberg table are replaced',
    'design 8: Iceberg replace leaves current, with the flag rewritten',
    [commit('a', iceberg('two writes')), run('r', readsTable), commit('b', iceberg('properties', 'replace'))],
    { r: rewritten },
  ),
  example(
    'rows of an Iceberg table are deleted',
    'design 8: every other operation changes rows',
    [
      commit('a', iceberg('two writes')),
      run('r', readsTable),
      commit('b', iceberg('properties', 'expire')),
      commit('c', iceberg('add column', 'delete')),
    ],
    { r: superseded('main@c') },
  ),
  example(
    'a write of delta-rs by a branch of its own that is merged by squashing',
    'issue on branches of programs: only the merge counts; equal bytes are one version',
    [
      commit('z', delta('two writes')),
      branch('delta-tx-0b7d3a52-6f1e-4a41-9a0e-7d5f5b6d4a3e'),
      commit('tx', delta('optimize'), { on: 'delta-tx-0b7d3a52-6f1e-4a41-9a0e-7d5f5b6d4a3e' }),
      squash('a', 'delta-tx-0b7d3a52-6f1e-4a41-9a0e-7d5f5b6d4a3e'),
      run('r', readsTable),
    ],
    { r: { ...current, tags: { lakefs_branch: 'main' } } },
  ),
  example(
    'a transaction of lakefs-spec, whose branch goes on living',
    'issue on branches of programs: the commit belongs to the branch that it was merged to',
    [
      commit('z', { [csv]: '0' }),
      branch('transaction-a3f09c'),
      commit('a', { [csv]: '1' }, { on: 'transaction-a3f09c' }),
      merge('m', 'transaction-a3f09c'),
      commit('x', { [csv]: '2' }, { on: 'transaction-a3f09c' }),
      run('r', readsRow),
    ],
    { r: { ...sameRow, tags: { lakefs_branch: 'main' } } },
  ),
];
