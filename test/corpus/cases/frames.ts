import {
  autolog,
  delta,
  givenDigest,
  http,
  type InputSpec,
  meta,
  numpy,
  pandas,
  polars,
} from '../harness/inputs.js';
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

const csv = 'gold/train.csv';
const first = commit('a', { [csv]: 'a,b,y\n1,1,0\n2,2,0\n' });
/** Only the column y was corrected. */
const corrected = commit('b', { [csv]: 'a,b,y\n1,1,0\n2,2,1\n' });
const elsewhere = commit('b', { 'silver/x.csv': '1' });
const superseded = { status: 'superseded', because: 'main@b' } as const;
const at = (ref: string, path = csv) => `s3://{repo}/{${ref}}/${path}`;
const features = { name: 'features', frame: 'a,b' };
const readB = [{ commit: 'b', path: csv }];

/** The digest that autologging was recorded with. */
const autologged = { digest: givenDigest(autolog()) };

/** The first run read `a`, the second `b`, of which MLflow shows the first one's source. */
const theFirstOnesSource = {
  r1: { ...links(exact('a', csv)), ...superseded },
  r2: { ...links(likely('a', csv)), ...superseded, read: readB },
};

/** A frame read from an object's address in lakeFS's API. */
const overHttp = (ref: string): InputSpec => {
  const url = `{endpoint}/api/v1/repositories/{repo}/refs/{${ref}}/objects?path=gold%2Ftrain.csv`;
  const { shape, source } = http(url);
  return { ...pandas('', { ...features }), shape, source };
};

const shards = (ref: string): readonly InputSpec[] =>
  Array.from({ length: 150 }, (_, n) =>
    pandas(at(ref, `shards/part-${n}.parquet`), { name: `part-${n}`, frame: String(n) }),
  );
const shardFiles = Object.fromEntries(
  Array.from({ length: 150 }, (_, n) => [`shards/part-${n}.parquet`, String(n)]),
);

const part = 'design 3 exact: a digest covers the frame that was logged, which may be part of the file';
const whole =
  'docs/lineage.md, why a whole file proves nothing: equal rows may have been made from another version';

export const frames: readonly Case[] = [
  example(
    'the frame is the whole file of the first commit, and all but a new column of the second',
    whole,
    [
      commit('a', { [csv]: 'a,b\n1,1\n2,2\n' }),
      commit('b', { [csv]: 'a,b,c\n1,1,9\n2,2,9\n' }),
      run('r1', { inputs: [pandas(at('a'), features)] }),
      run('r2', { inputs: [pandas(at('b'), features)] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'the frame is the whole file of the second commit, and was part of the first',
    whole,
    [
      commit('a', { [csv]: 'a,b,c\n1,1,9\n2,2,9\n' }),
      commit('b', { [csv]: 'a,b\n1,1\n2,2\n' }),
      run('r1', { inputs: [pandas(at('a'), features)] }),
      run('r2', { inputs: [pandas(at('b'), features)] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'the script undoes what the later commit changed, so that its frame is the whole earlier file',
    whole,
    [
      commit('a', { [csv]: 'a,y\n1,100\n2,100\n' }),
      commit('b', { [csv]: 'a,y\n1,100\n2,250\n' }),
      run('r1', { inputs: [pandas(at('a'), { name: 'clipped', frame: 'y at most 100' })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'clipped', frame: 'y at most 100' })] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'whole files whose rows are equal and whose bytes differ: written again with other line ends',
    whole,
    [
      commit('a', { [csv]: 'a\n1\n2\n' }),
      commit('b', { [csv]: 'a\r\n1\r\n2\r\n' }),
      run('r1', { inputs: [pandas(at('a'), { frame: 'a' })] }),
      run('r2', { inputs: [pandas(at('b'), { frame: 'a' })] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'whole files that differ only in strings of a column in which one is missing, which the digest leaves out',
    `${whole}; findings/mlflow-pandas-digest.sh`,
    [
      commit('a', { [csv]: 'id,label\n1,cat\n2,\n' }),
      commit('b', { [csv]: 'id,label\n1,dog\n2,\n' }),
      run('r1', { inputs: [pandas(at('a'), { frame: 'ids', rows: 2, columns: ['long', 'string'] })] }),
      run('r2', { inputs: [pandas(at('b'), { frame: 'ids', rows: 2, columns: ['long', 'string'] })] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'a sample of the rows, drawn with one seed from two versions of a file',
    part,
    [
      first,
      corrected,
      run('r1', { inputs: [pandas(at('a'), { name: 'sample', frame: 'row 1', rows: 1 })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'sample', frame: 'row 1', rows: 1 })] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'the rows that pass a filter are the same in three versions of a file',
    part,
    [
      first,
      corrected,
      commit('c', { [csv]: 'a,b,y\n1,1,0\n9,9,9\n' }),
      ...['a', 'b', 'c'].map((ref) =>
        run(ref, { inputs: [pandas(at(ref), { name: 'y is 0', frame: '1,1,0', rows: 1 })] }),
      ),
    ],
    {
      a: { ...links(exact('a', csv)), ...superseded },
      b: { ...links(likely('a', csv)), ...superseded, read: readB },
      c: { ...links(likely('a', csv)), ...superseded, read: [{ commit: 'c', path: csv }] },
    },
  ),
  example(
    'columns of two versions of a polars file, whose rows stand in another order',
    `${part}; findings/mlflow-polars-digest.sh`,
    [
      first,
      corrected,
      run('r1', { inputs: [polars(at('a'), features)] }),
      run('r2', { inputs: [polars(at('b'), features)] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'an array of features out of an archive whose labels were corrected',
    part,
    [
      first,
      corrected,
      run('r1', { inputs: [numpy(at('a'), features)] }),
      run('r2', { inputs: [numpy(at('b'), features)] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'selected columns of two versions of a Delta table',
    part,
    [
      commit('a', { 'gold/t/_delta_log/0.json': '0', 'gold/t/p0.parquet': '0' }),
      commit('b', { 'gold/t/_delta_log/1.json': '1', 'gold/t/p1.parquet': '1' }),
      run('r1', { inputs: [delta('s3a://{repo}/{a}/gold/t', features)] }),
      run('r2', { inputs: [delta('s3a://{repo}/{b}/gold/t', features)] }),
    ],
    {
      r1: { ...links(exact('a', 'gold/t')), ...superseded },
      r2: { ...links(likely('a', 'gold/t')), ...superseded, read: [{ commit: 'b', path: 'gold/t' }] },
    },
  ),
  example(
    'columns of two versions of a file, read over lakeFS’s API',
    part,
    [first, corrected, run('r1', { inputs: [overHttp('a')] }), run('r2', { inputs: [overHttp('b')] })],
    theFirstOnesSource,
  ),
  example(
    'the frame that one run logged with its source and autologging then again',
    'facts/mlflow 2.2: one dataset with one source; no other run wrote it',
    [
      first,
      corrected,
      run('r', { inputs: [pandas(at('a'), { name: 'dataset', ...autologged }), autolog()] }),
    ],
    { r: { ...links(exact('a', csv)), ...superseded } },
  ),
  example(
    'autologging came first: the source that a later run gives for the same frame is lost',
    'facts/mlflow 2.2: the first writer’s source is kept, here that of the code; unknown is not false',
    [
      first,
      run('r1', { inputs: [autolog()] }),
      run('r2', { inputs: [pandas(at('a'), { name: 'dataset', ...autologged })] }),
    ],
    {},
  ),
  example(
    'autologging adds the part that is trained on, beside the whole file under a name of its own',
    'design 3: a source of code says nothing; the other stands for itself',
    [
      first,
      corrected,
      run('r1', { inputs: [pandas(at('a'), { name: 'train@{a.7}' }), autolog()] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'train@{b.7}' }), autolog()] }),
    ],
    { r1: { ...links(exact('a', csv)), ...superseded }, r2: links(exact('b', csv)) },
  ),
  example(
    'training and test rows of one file, of which a later commit changed neither',
    part,
    [
      first,
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
      first,
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
      first,
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
      first,
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
      first,
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
      first,
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
      first,
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
    part,
    [
      first,
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
      first,
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
    `${part}; which of the 150 changed is not asked`,
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
      first,
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
