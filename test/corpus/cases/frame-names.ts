import { autolog, type InputSpec, meta, pandas } from '../harness/inputs.js';
import {
  ambiguous,
  branch,
  type Case,
  commit,
  declared,
  deleteBranch,
  end,
  exact,
  example,
  likely,
  links,
  merge,
  resolved,
  run,
  start,
  tag,
} from '../harness/vocabulary.js';
import {
  at,
  autologged,
  corrected,
  csv,
  elsewhere,
  features,
  partOfFile,
  readB,
  superseded,
  table,
} from './shared.js';

const shards = (ref: string): readonly InputSpec[] =>
  Array.from({ length: 150 }, (_, n) =>
    pandas(at(ref, `shards/part-${n}.parquet`), { name: `part-${n}`, frame: String(n) }),
  );
const shardFiles = Object.fromEntries(
  Array.from({ length: 150 }, (_, n) => [`shards/part-${n}.parquet`, String(n)]),
);

export const frameNames: readonly Case[] = [
  example(
    'the frame that one run logged with its source and autologging then again',
    'facts/mlflow 2.2: one dataset with one source; no other run wrote it',
    [
      table,
      corrected,
      run('r', { inputs: [pandas(at('a'), { name: 'dataset', digest: autologged }), autolog()] }),
    ],
    { r: { ...links(exact('a', csv)), ...superseded } },
  ),
  example(
    'autologging came first: the source that a later run gives for the same frame is lost',
    'facts/mlflow 2.2: the first writer’s source is kept, here that of the code; unknown is not false',
    [
      table,
      run('r1', { inputs: [autolog()] }),
      run('r2', { inputs: [pandas(at('a'), { name: 'dataset', digest: autologged })] }),
    ],
    {},
  ),
  example(
    'autologging adds the part that is trained on, beside the whole file under a name of its own',
    'design 3: a source of code says nothing; the other stands for itself',
    [
      table,
      corrected,
      run('r1', { inputs: [pandas(at('a'), { name: 'train@{a.7}' }), autolog()] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'train@{b.7}' }), autolog()] }),
    ],
    { r1: { ...links(exact('a', csv)), ...superseded }, r2: links(exact('b', csv)) },
  ),
  example(
    'training and test rows of one file, of which a later commit changed neither',
    partOfFile,
    [
      table,
      corrected,
      ...(['a', 'b'] as const).map((ref) =>
        run(ref, {
          inputs: ['train', 'test'].map((name) => pandas(at(ref), { name, frame: name, context: name })),
        }),
      ),
    ],
    {
      a: { ...links(exact('a', csv)), ...superseded },
      b: { ...links(likely('a', csv)), ...superseded, read: readB },
    },
  ),
  example(
    'training rows that no commit changed, and test rows that the later one did',
    'design 3: each source stands for itself; a run may have read two commits',
    [
      table,
      corrected,
      run('r1', {
        inputs: [
          pandas(at('a'), { name: 'train', frame: '1' }),
          pandas(at('a'), { name: 'test', frame: '2' }),
        ],
      }),
      run('r2', {
        inputs: [
          pandas(at('b'), { name: 'train', frame: '1' }),
          pandas(at('b'), { name: 'test', frame: '3' }),
        ],
      }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv), exact('b', csv)), ...superseded, read: readB },
    },
  ),
  example(
    'a part whose digest the run gave the beginning of its commit',
    'design 3 exact: the dataset’s digest carries the commit',
    [
      table,
      corrected,
      run('r1', { inputs: [pandas(at('a'), { name: 'features', digest: '{a.12}' })] }),
      run('r2', { inputs: [pandas(at('a'), { name: 'features', digest: '{a.12}' })] }),
      run('r3', { inputs: [pandas(at('b'), { name: 'features', digest: '{b.12}' })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(exact('a', csv)), ...superseded },
      r3: links(exact('b', csv)),
    },
  ),
  example(
    'a part whose name carries only six digits of a commit',
    'design 3 exact: at least its first 7 hex digits',
    [
      table,
      corrected,
      ...['r1', 'r2'].map((name) =>
        run(name, { inputs: [pandas(at('a'), { ...features, name: 'x@{a.6}' })] }),
      ),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(likely('a', csv)), ...superseded },
    },
  ),
  example(
    'a part that a name of a branch carries: it is no commit',
    'design 3 exact: only a commit in the name says which was meant',
    [
      table,
      corrected,
      ...(['a', 'b'] as const).map((ref) =>
        run(ref, { inputs: [pandas(at(ref), { ...features, name: 'features@main' })] }),
      ),
    ],
    {
      a: { ...links(exact('a', csv)), ...superseded },
      b: { ...links(likely('a', csv)), ...superseded, read: readB },
    },
  ),
  example(
    'a part by two tags, and the run declares what its tag leads to',
    'design 3: a tag’s address in a repository whose commit the run declares is read at that commit',
    [
      table,
      corrected,
      tag('v1', 'a'),
      tag('v2', 'b'),
      run('r1', { inputs: [pandas(`s3://{repo}/v1/${csv}`, features)] }),
      run('r2', {
        inputs: [pandas(`s3://{repo}/v2/${csv}`, features)],
        tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' },
      }),
    ],
    { r1: { ...links(resolved('a', csv)), ...superseded }, r2: links(declared('b', csv)) },
  ),
  example(
    'a part of a file that was changed on a branch that is merged and gone',
    'design 3 exact: every commit that held the path; the merged branch’s are on main’s other side',
    [
      table,
      branch('exp'),
      commit('b', { [csv]: 'a,b,y\n1,1,0\n2,2,1\n' }, { on: 'exp' }),
      merge('m', 'exp'),
      deleteBranch('exp'),
      run('r1', { inputs: [pandas(at('a'), features)] }),
      run('r2', { inputs: [pandas(at('b'), features)] }),
    ],
    {
      r1: { ...links(exact('a', csv)), status: 'superseded', because: 'main@m' },
      r2: { ...links(likely('a', csv)), status: 'superseded', because: 'main@m', read: readB },
    },
  ),
  example(
    'trials of one search that log the same columns, half of them before the file was corrected',
    partOfFile,
    [
      table,
      start('search', {}),
      run('t1', { inputs: [pandas(at('a'), features)], parent: 'search' }),
      run('t2', { inputs: [pandas(at('a'), features)], parent: 'search' }),
      corrected,
      run('t3', { inputs: [pandas(at('b'), features)], parent: 'search' }),
      end('search'),
    ],
    {
      t1: { ...links(exact('a', csv)), ...superseded },
      // It ended before the file was changed: all that it can have read is the same.
      t2: { ...links(exact('a', csv)), ...superseded },
      t3: { ...links(likely('a', csv)), ...superseded, read: readB },
    },
    { clock: true },
  ),
  example(
    'a dataset without a frame, whose digest is made of its source: whoever has it gave this source',
    'facts/mlflow 2.2: MetaDataset digests name, source, source type and schema; design 3 exact: a digest that carries the commit',
    [
      table,
      corrected,
      run('r1', { inputs: [meta(at('a'), { name: 'images' })] }),
      run('r2', { inputs: [meta(at('a'), { name: 'images' })] }),
      run('r3', { inputs: [meta(at('b'), { name: 'images' })] }),
    ],
    {
      r1: { ...links(exact('a', csv)), ...superseded },
      r2: { ...links(exact('a', csv)), ...superseded },
      r3: links(exact('b', csv)),
    },
  ),
  example(
    '150 inputs, read again after a commit elsewhere',
    'design 3 exact: the bytes are the same at every commit, asked of the directory that holds all of them',
    [
      commit('a', shardFiles),
      elsewhere,
      run('r1', { inputs: shards('a') }),
      run('r2', { inputs: shards('b') }),
    ],
    {
      r1: { ...links(exact('a', 'shards/part-0.parquet')), cut: true },
      r2: { ...links(exact('a', 'shards/part-0.parquet')), cut: true },
    },
  ),
  example(
    '150 inputs, read again after one of them was changed',
    `${partOfFile}; which of the 150 changed is not asked`,
    [
      commit('a', shardFiles),
      commit('b', { 'shards/part-7.parquet': 'corrected' }),
      run('r1', { inputs: shards('a') }),
      run('r2', { inputs: shards('b') }),
    ],
    {
      r1: { ...links(exact('a', 'shards/part-0.parquet')), ...superseded, cut: true },
      r2: { ...links(likely('a', 'shards/part-0.parquet')), ...superseded, cut: true },
    },
  ),
  example(
    'part of a branch’s file that was changed while the run ran',
    'design 3 ambiguous; the same doubt holds for a source that names a branch',
    [
      table,
      start('r1', { inputs: [pandas(`s3://{repo}/main/${csv}`, features)] }),
      corrected,
      end('r1'),
      run('r2', {
        inputs: [pandas(`s3://{repo}/main/${csv}`, features)],
        tags: { lakefs_commit: '{b}', lakefs_repo: '{repo}' },
      }),
    ],
    {
      r1: { ...links(ambiguous('a', csv, { flags: ['path changed'] })), status: null },
      // What it declares pins its branch, whoever wrote the source.
      r2: links(declared('b', csv)),
    },
    { clock: true },
  ),
];
