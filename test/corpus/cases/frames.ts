import { delta, http, type InputSpec, numpy, pandas, polars } from '../harness/inputs.js';
import { type Case, commit, exact, example, likely, links, run } from '../harness/vocabulary.js';
import {
  at,
  corrected,
  csv,
  features,
  partOfFile,
  readB,
  superseded,
  table,
  theFirstOnesSource,
} from './shared.js';

/** A frame read from an object's address in lakeFS's API. */
const overHttp = (ref: string): InputSpec => {
  const url = `{endpoint}/api/v1/repositories/{repo}/refs/{${ref}}/objects?path=gold%2Ftrain.csv`;
  const { shape, source } = http(url);
  return { ...pandas('', { ...features }), shape, source };
};

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
    partOfFile,
    [
      table,
      corrected,
      run('r1', { inputs: [pandas(at('a'), { name: 'sample', frame: 'row 1', rows: 1 })] }),
      run('r2', { inputs: [pandas(at('b'), { name: 'sample', frame: 'row 1', rows: 1 })] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'the rows that pass a filter are the same in three versions of a file',
    partOfFile,
    [
      table,
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
    `${partOfFile}; findings/mlflow-polars-digest.sh`,
    [
      table,
      corrected,
      run('r1', { inputs: [polars(at('a'), features)] }),
      run('r2', { inputs: [polars(at('b'), features)] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'an array of features out of an archive whose labels were corrected',
    partOfFile,
    [
      table,
      corrected,
      run('r1', { inputs: [numpy(at('a'), features)] }),
      run('r2', { inputs: [numpy(at('b'), features)] }),
    ],
    theFirstOnesSource,
  ),
  example(
    'selected columns of two versions of a Delta table',
    partOfFile,
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
    partOfFile,
    [table, corrected, run('r1', { inputs: [overHttp('a')] }), run('r2', { inputs: [overHttp('b')] })],
    theFirstOnesSource,
  ),
];
