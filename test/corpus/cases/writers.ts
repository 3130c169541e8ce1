import { autolog, givenDigest, pandas, polars } from '../harness/inputs.js';
import {
  branch,
  type Case,
  commit,
  conflict,
  declared,
  deleteRun,
  end,
  exact,
  example,
  inferred,
  likely,
  links,
  resolved,
  run,
  start,
  tag,
} from '../harness/vocabulary.js';

const csv = 'gold/train.csv';
const first = commit('a', { [csv]: '1' });
const changed = commit('b', { [csv]: '2' });
const elsewhere = commit('b', { 'silver/x.csv': '1' });
const superseded = { status: 'superseded', because: 'main@b' } as const;
const at = (ref: string) => `s3://{repo}/{${ref}}/${csv}`;
/** More rows than MLflow's digest looks at: frames of one content so far have one digest. */
const big = { name: 'big', frame: 'first 10,000 rows', rows: 10_002 };

/** The digest that autologging was recorded with. */
const autologged = givenDigest(autolog());

const rule =
  'facts/mlflow 2.2: same name and digest in an experiment: the first writer wins; design 3 exact and likely';

export const writers: readonly Case[] = [
  example(
    'an unchanged file read at two commits: MLflow shows the first for both',
    'design 3 exact: the bytes under the path are the same at every commit that held it until the run’s end',
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
    'the columns that were logged are the same in both files: the frame is part of the file',
    'design 3 exact: a digest covers the frame that was logged, which may be part of the file',
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), { name: 'features', frame: 'a,b' })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'features', frame: 'a,b' })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'the rows that were logged are the same in both files',
    'design 3 exact: a digest covers the frame that was logged, which may be part of the file',
    [
      commit('a', { [csv]: 'one\ntwo' }),
      commit('b', { [csv]: 'one\ntwo\nthree' }),
      run('r1', { inputs: [pandas(at('a'), { name: 'head', frame: 'one', rows: 1 })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'head', frame: 'one', rows: 1 })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'autologging adds a frame that an earlier run has logged with its source',
    'facts/mlflow 2.2: the first writer’s source is kept, also for what would be a code source',
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), { name: 'dataset', digest: autologged })] }),
      run('r2', { inputs: [autolog()] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'the part of a file that nobody ever changed',
    'design 3 exact: the bytes under the path are the same at every commit that held it until the run’s end',
    [
      first,
      run('r1', { inputs: [pandas(at('a'), { name: 'features', frame: 'a,b' })] }),
      run('r2', { inputs: [pandas(at('a'), { name: 'features', frame: 'a,b' })] }),
      // What comes after the runs says nothing about them.
      changed,
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(exact('a', csv)), ...superseded },
    },
  ),
  example(
    'a file that was changed on another branch only',
    'design 3 exact: every commit that held the path, wherever it is',
    [
      first,
      branch('exp'),
      commit('b', { [csv]: '2' }, { on: 'exp' }),
      run('r1', { inputs: [pandas(at('a'), { name: 'features', frame: 'a,b' })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'features', frame: 'a,b' })] }),
    ],
    {
      r1: links(exact('a', csv)),
      r2: { ...links(likely('a', csv)), read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'a file that was changed and changed back',
    'design 3 exact: not the ends but every commit between them counts',
    [
      first,
      changed,
      commit('c', { [csv]: '1' }),
      run('r1', { inputs: [pandas(at('a'), { name: 'features', frame: 'a,b' })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'features', frame: 'a,b' })] }),
    ],
    {
      r1: links(exact('a', csv)),
      r2: { ...links(likely('a', csv)), read: [{ commit: 'b', path: csv }] },
    },
  ),
  example(
    'the dataset’s name carries the commit',
    'design 3 exact: then whoever wrote the source named the same commit',
    [
      first,
      changed,
      ...['r1', 'r2'].map((name) =>
        run(name, { inputs: [pandas(at('a'), { name: 'features@{a.12}', frame: 'a,b' })] }),
      ),
      run('r3', { inputs: [pandas(at('b'), { name: 'features@{b.12}', frame: 'a,b' })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(exact('a', csv)), ...superseded },
      r3: links(exact('b', csv)),
    },
  ),
  example(
    'part of a file is read by two tags of lakeFS',
    'design 3 resolved: certain only where the source is the run’s own, as for exact',
    [
      first,
      changed,
      tag('v1', 'a'),
      tag('v2', 'b'),
      run('r1', { inputs: [pandas(`s3://{repo}/v1/${csv}`, { name: 'features', frame: 'a,b' })] }),
      run('r2', { inputs: [pandas(`s3://{repo}/v2/${csv}`, { name: 'features', frame: 'a,b' })] }),
    ],
    {
      r1: { ...links(resolved('a', csv)), ...superseded },
      r2: {
        ...links(resolved('a', csv, { flags: ['shared source'] })),
        ...superseded,
        read: [{ commit: 'b', path: csv }],
      },
    },
  ),
  example(
    'part of a file is read by two branches',
    'design 3: the same doubt holds for a source that names a branch',
    [
      first,
      branch('exp'),
      commit('b', { [csv]: '2' }, { on: 'exp' }),
      run('r1', { inputs: [pandas(`s3://{repo}/main/${csv}`, { name: 'features', frame: 'a,b' })] }),
      run('r2', { inputs: [pandas(`s3://{repo}/exp/${csv}`, { name: 'features', frame: 'a,b' })] }),
    ],
    {
      r1: links(inferred('a', csv)),
      r2: {
        ...links(inferred('a', csv, { flags: ['shared source'] })),
        read: [{ commit: 'b', path: csv }],
      },
    },
    { clock: true },
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
    'contradictions: keep both, conflict; never correct a user',
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
