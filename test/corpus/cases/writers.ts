import { autolog, pandas, polars } from '../harness/inputs.js';
import {
  branch,
  type Case,
  commit,
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
import {
  at,
  autologged,
  big,
  changed,
  csv,
  elsewhere,
  features,
  first,
  partOfFile,
  readB,
  superseded,
  theFirstOnesSource,
} from './shared.js';

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
      r2: { ...links(exact('a', csv)), read: readB },
    },
  ),
  example(
    'the columns that were logged are the same in both files: the frame is part of the file',
    partOfFile,
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), features)] }),
      run('r2', { inputs: [pandas(at('b'), features)] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'the rows that were logged are the same in both files',
    partOfFile,
    [
      commit('a', { [csv]: 'one\ntwo' }),
      commit('b', { [csv]: 'one\ntwo\nthree' }),
      run('r1', { inputs: [pandas(at('a'), { name: 'head', frame: 'one', rows: 1 })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'head', frame: 'one', rows: 1 })] }),
    ],
    theFirstOnesSource,
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
    theFirstOnesSource,
  ),
  example(
    'the part of a file that nobody ever changed',
    'design 3 exact: the bytes under the path are the same at every commit that held it until the run’s end',
    [
      first,
      run('r1', { inputs: [pandas(at('a'), features)] }),
      run('r2', { inputs: [pandas(at('a'), features)] }),
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
      run('r1', { inputs: [pandas(at('a'), features)] }),
      run('r2', { inputs: [pandas(at('b'), features)] }),
    ],
    {
      r1: links(exact('a', csv)),
      r2: { ...links(likely('a', csv)), read: readB },
    },
  ),
  example(
    'a file that was changed and changed back',
    'design 3 exact: not the ends but every commit between them counts',
    [
      first,
      changed,
      commit('c', { [csv]: '1' }),
      run('r1', { inputs: [pandas(at('a'), features)] }),
      run('r2', { inputs: [pandas(at('b'), features)] }),
    ],
    {
      r1: links(exact('a', csv)),
      r2: { ...links(likely('a', csv)), read: readB },
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
      run('r1', { inputs: [pandas(`s3://{repo}/v1/${csv}`, features)] }),
      run('r2', { inputs: [pandas(`s3://{repo}/v2/${csv}`, features)] }),
    ],
    {
      r1: { ...links(resolved('a', csv)), ...superseded },
      r2: {
        ...links(resolved('a', csv, { flags: ['shared source'] })),
        ...superseded,
        read: readB,
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
      run('r1', { inputs: [pandas(`s3://{repo}/main/${csv}`, features)] }),
      run('r2', { inputs: [pandas(`s3://{repo}/exp/${csv}`, features)] }),
    ],
    {
      r1: links(inferred('a', csv)),
      r2: {
        ...links(inferred('a', csv, { flags: ['shared source'] })),
        read: readB,
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
    theFirstOnesSource,
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
      r2: { ...links(likely('a', csv)), ...superseded, read: readB },
      r3: { ...links(exact('a', csv)), ...superseded },
      r4: { ...links(likely('a', csv)), ...superseded, read: readB },
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
      r2: { ...links(likely('a', csv)), ...superseded, read: readB },
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
    { r2: { ...links(likely('a', csv)), ...superseded, read: readB } },
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
    'a digest that a person gave covers nothing',
    `${rule}: a pandas profile, 8 hex; a date is no digest`,
    [
      first,
      changed,
      run('r1', { inputs: [pandas(at('a'), { digest: '20260101' })] }),
      run('r2', { inputs: [pandas(at('b'), { digest: '20260101' })] }),
    ],
    theFirstOnesSource,
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
    theFirstOnesSource,
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
];
