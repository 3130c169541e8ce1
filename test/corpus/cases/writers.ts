import { pandas, polars } from '../harness/inputs.js';
import {
  type Case,
  commit,
  conflict,
  declared,
  deleteRun,
  end,
  exact,
  example,
  likely,
  links,
  run,
  start,
} from '../harness/vocabulary.js';

const csv = 'gold/train.csv';
const first = commit('a', { [csv]: '1' });
const changed = commit('b', { [csv]: '2' });
const elsewhere = commit('b', { 'silver/x.csv': '1' });
const superseded = { status: 'superseded', because: 'main@b' } as const;
const at = (ref: string) => `s3://{repo}/{${ref}}/${csv}`;
/** More rows than MLflow's digest looks at: frames of one content so far have one digest. */
const big = { name: 'big', frame: 'first 10,000 rows', rows: 10_002 };

const rule =
  'facts/mlflow 2.2: same name and digest in an experiment: the first writer wins; design 3 exact and likely';

export const writers: readonly Case[] = [
  example(
    'an unchanged file read at two commits: MLflow shows the first for both',
    `${rule}: a digest that covers all content is certain of the bytes`,
    [
      first,
      elsewhere,
      run('r1', { inputs: [pandas(at('a'), { frame: 'one' })] }),
      run('r2', { inputs: [pandas(at('b'), { frame: 'one' })] }),
    ],
    {
      r1: links(exact('a', csv)),
      r2: { ...links(exact('a', csv)), read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'frames that differ after row 10,000 share the first one’s source',
    rule,
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), big)] }),
      run('r2', { inputs: [pandas(at('b'), big)] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'columns that the digest does not look at: booleans and dates',
    `${rule}: mlflow/data/digest_utils.py digests string and numeric columns`,
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), { frame: 'ids', columns: ['long', 'boolean'] })] }),
      run('r2', { inputs: [pandas(at('b'), { frame: 'ids', columns: ['long', 'boolean'] })] }),
      run('r3', { inputs: [pandas(at('a'), { name: 'd', frame: 'd', columns: ['long', 'datetime'] })] }),
      run('r4', { inputs: [pandas(at('b'), { name: 'd', frame: 'd', columns: ['long', 'datetime'] })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
      r3: { ...links(exact('a', csv)), ...superseded },
      r4: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'two runs at once: either may have written first',
    `${rule}: no other run started before this one ended`,
    [
      first,
      start('r1', { inputs: [pandas(at('a'), big)] }),
      changed,
      start('r2', { inputs: [pandas(at('b'), big)] }),
      end('r1'),
      end('r2'),
    ],
    {
      r1: { ...links(likely('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'a deleted run has written first',
    `${rule}: deleted ones included`,
    [
      first,
      run('gone', { inputs: [pandas(at('a'), big)] }),
      deleteRun('gone'),
      changed,
      run('r2', { inputs: [pandas(at('b'), big)] }),
    ],
    { r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] } },
  ),
  example(
    'the same dataset in another experiment has a source of its own',
    'facts/mlflow 2.2: since 3.10 another experiment has a separate row',
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), big)] }),
      run('r2', { inputs: [pandas(at('b'), big)], experiment: 'other' }),
    ],
    { r1: { ...links(exact('a', csv)), ...superseded }, r2: links(exact('b', csv)) },
  ),
  example(
    'the second writer declares its commit, whose bytes are others',
    'design 3: contradictions: both are kept, conflict',
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), big)] }),
      run('r2', { inputs: [pandas(at('b'), big)], tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' } }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(conflict('a', csv), conflict('b', '')), ...superseded },
    },
  ),
  example(
    'the second writer declares its commit, whose bytes are the same',
    'design 3: where the bytes under the path are equal, the declared commit is the link',
    [
      first,
      elsewhere,
      run('r1', { inputs: [pandas(at('a'), big)] }),
      run('r2', { inputs: [pandas(at('b'), big)], tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' } }),
    ],
    { r1: links(exact('a', csv)), r2: links(declared('b', csv)) },
  ),
  example(
    'a digest that a person gave covers nothing',
    `${rule}: a pandas profile, 8 hex; a date is no digest`,
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), { digest: '20260101' })] }),
      run('r2', { inputs: [pandas(at('b'), { digest: '20260101' })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'polars frames: their digests are other numbers and cover nothing that we know of',
    'mlflow observations 4; design 3 exact speaks of pandas profiles only',
    [
      first,
      changed,
      run('r1', { inputs: [polars(at('a'), { frame: 'p' })] }),
      run('r2', { inputs: [polars(at('b'), { frame: 'p' })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'a later run takes nothing from the first',
    `${rule}: only runs that started before this one ended count`,
    [
      first,
      run('r1', { inputs: [pandas(at('a'), big)] }),
      changed,
      run('r2', { inputs: [pandas(at('b'), { ...big, frame: 'other rows' })] }),
    ],
    { r1: { ...links(exact('a', csv)), ...superseded }, r2: links(exact('b', csv)) },
  ),
  example(
    'a source against a tag: other bytes',
    'issue 1: contradictions: keep both, conflict; never correct a user',
    [
      first,
      changed,
      run('r', { inputs: [pandas(at('a'))], tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' } }),
    ],
    { r: { ...links(conflict('a', csv), conflict('b', '')), ...superseded } },
  ),
  example(
    'a source against a tag: the same bytes',
    'design 3: the declared one is the link',
    [
      first,
      elsewhere,
      run('r', { inputs: [pandas(at('a'))], tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' } }),
    ],
    { r: links(declared('b', csv)) },
  ),
  example(
    'two commits read, one of them declared',
    'design 3: a source bears the declaration out; the other source stands for itself',
    [
      first,
      elsewhere,
      run('r', {
        inputs: [pandas(at('a'), { name: 'x' }), pandas('s3://{repo}/{b}/silver/x.csv', { name: 'y' })],
        tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' },
      }),
    ],
    { r: links(declared('a', csv), exact('b', 'silver/x.csv')) },
  ),
];
