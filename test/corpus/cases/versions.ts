import { delta, deltaAt, pandas } from '../harness/inputs.js';
import {
  ambiguous,
  branch,
  type Case,
  commit,
  end,
  exact,
  example,
  hardReset,
  inferred,
  links,
  look,
  merge,
  resolved,
  run,
  stage,
  start,
  write,
} from '../harness/vocabulary.js';

const table = 'gold/t';
const onMain = `s3a://{repo}/main/${table}`;
const log = (version: number): string => `${table}/_delta_log/${String(version).padStart(20, '0')}.json`;
/** A version with the file that it adds, as writers name it. */
const version = (number: number, writer = 'x'): Readonly<Record<string, string>> => ({
  [log(number)]: `{"commitInfo":{"txnId":"${writer}${number}"}}`,
  [`${table}/part-${writer}${number}.parquet`]: `${writer}${number}`,
});
const a = commit('a', version(0));
const b = commit('b', version(1));
const c = commit('c', version(2));
const named = (number: number) => ({ flags: [`delta version ${number}`] });
const clock = { clock: true };
const rule =
  'design 3: a version whose record is the same wherever it was leads to the first commit that holds it';
const twice = 'design 3: a version that was given twice says nothing about which was read';

export const versions: readonly Case[] = [
  example(
    'the newest version of a table, which nobody asked for',
    rule,
    [a, b, run('r', { inputs: [deltaAt(onMain, 1)] })],
    { r: links(resolved('b', table, { ...named(1), where: 'input' })) },
    clock,
  ),
  example(
    'a table that got a further version while the run ran',
    rule,
    [a, b, start('r', { inputs: [deltaAt(onMain, 1)] }), commit('c', version(2), { after: 120 }), end('r')],
    { r: { ...links(resolved('b', table, named(1))), status: 'superseded', because: 'main@c' } },
    clock,
  ),
  example(
    'an older version that was asked for',
    rule,
    [a, b, c, run('r', { inputs: [deltaAt(`${onMain}/`, '1')] })],
    { r: { ...links(resolved('b', table, named(1))), status: 'superseded', because: 'main@c' } },
    clock,
  ),
  example(
    'two versions of one table in one run',
    rule,
    [
      a,
      b,
      c,
      run('r', {
        inputs: [deltaAt(onMain, '1', { name: 'before' }), deltaAt(onMain, '2', { name: 'after' })],
      }),
    ],
    {
      r: {
        ...links(resolved('b', table, named(1)), resolved('c', table, named(2))),
        status: 'superseded',
        because: 'main@c',
      },
    },
    clock,
  ),
  example(
    'several versions that came with one commit',
    rule,
    [
      commit('a', { ...version(0), ...version(1), ...version(2) }),
      run('r', { inputs: [deltaAt(onMain, '1')] }),
    ],
    { r: links(resolved('a', table, named(1))) },
    clock,
  ),
  example(
    'a version that came by a merge',
    'design 3: the first commit of the branch that holds it, by its first parents',
    [
      a,
      branch('exp'),
      commit('x', version(1), { on: 'exp' }),
      merge('m', 'exp'),
      run('r', { inputs: [deltaAt(onMain, 1)] }),
    ],
    { r: links(resolved('m', table, named(1))) },
    clock,
  ),
  example(
    'another branch that gave the version to other rows',
    'design 3: only the history of the branch that the run names counts',
    [
      a,
      branch('exp'),
      commit('x', version(1, 'y'), { on: 'exp' }),
      b,
      run('r', { inputs: [deltaAt(onMain, 1)] }),
      run('s', { inputs: [deltaAt(`s3a://{repo}/exp/${table}`, 1)] }),
    ],
    { r: links(resolved('b', table, named(1))), s: links(resolved('x', table, named(1))) },
    clock,
  ),
  example(
    'a version whose record was cleaned up since',
    'https://docs.delta.io: log entries are deleted after 30 days; the history still has them',
    [a, b, run('r', { inputs: [deltaAt(onMain, 1)] }), commit('c', { ...version(2), [log(1)]: null })],
    { r: { ...links(resolved('b', table, named(1))), status: 'superseded', because: 'main@c' } },
    clock,
  ),
  example(
    'a version that was only uploaded when the run read it, and committed afterwards',
    'design 3: a branch read also returns uncommitted objects; the next plain commit took them along',
    [a, stage(version(1)), run('r', { inputs: [deltaAt(onMain, 1)] }), commit('b', {})],
    { r: links(resolved('b', table, named(1))) },
    clock,
  ),
  example(
    'a version that was never committed',
    'design 3 ambiguous: uncommitted changes are or may have been under the path',
    [a, stage(version(1)), run('r', { inputs: [deltaAt(onMain, 1)] })],
    { r: links(ambiguous('a', table)) },
    clock,
  ),
  example(
    'a version that was written while the run ran',
    'design 3: a record that is younger than the run may have taken the place of another',
    [
      a,
      start('r'),
      commit('b', version(1), { after: 60 }),
      write('r', { inputs: [deltaAt(onMain, 1)] }),
      end('r'),
    ],
    { r: links(ambiguous('a', table)) },
    clock,
  ),
  example(
    'a branch that was set back and written to again before anybody looked',
    twice,
    [a, b, run('r', { inputs: [deltaAt(onMain, 1)] }), hardReset('main', 'a'), commit('c', version(1, 'y'))],
    {
      r: {
        ...links(inferred('a', table)),
        status: 'superseded',
        because: 'main@c',
        read: [{ commit: 'b', path: table }],
      },
    },
    clock,
  ),
  example(
    'a branch that was set back and written to again after the run was linked',
    'design 3: what a version led to stays',
    [
      a,
      b,
      run('r', { inputs: [deltaAt(onMain, 1)] }),
      look({ r: links(resolved('b', table, named(1))) }),
      hardReset('main', 'a'),
      commit('c', version(1, 'y')),
    ],
    { r: { ...links(resolved('b', table, named(1))), status: 'orphaned' } },
    clock,
  ),
  example(
    'a table that was deleted and made anew',
    twice,
    [
      commit('a', { ...version(0), ...version(1) }),
      commit('b', { ...version(0, 'y'), ...version(1, 'y'), [`${table}/part-x0.parquet`]: null }),
      run('r', { inputs: [deltaAt(onMain, 1)] }),
    ],
    { r: links(inferred('b', table)) },
    clock,
  ),
  example(
    'a file of the table that was overwritten by hand',
    'design 3: tables never overwrite a file, so the record does not tell what was read',
    [
      a,
      b,
      commit('c', { [`${table}/part-x0.parquet`]: 'by hand' }),
      run('r', { inputs: [deltaAt(onMain, 1)] }),
    ],
    { r: links(inferred('c', table)) },
    clock,
  ),
  example(
    'the source that MLflow kept of an earlier run of the same name and digest',
    'design 3: a source by a branch may be another run’s; a digest says nothing about the version',
    [
      a,
      b,
      run('first', { inputs: [deltaAt(onMain, 1, { frame: 'plan' })] }),
      c,
      run('second', { inputs: [deltaAt(onMain, 2, { frame: 'plan' })] }),
    ],
    {
      first: { ...links(resolved('b', table, named(1))), status: 'superseded', because: 'main@c' },
      second: {
        ...links(resolved('b', table, { flags: ['delta version 1', 'shared source'] })),
        status: 'superseded',
        because: 'main@c',
        read: [{ commit: 'c', path: table }],
      },
    },
    clock,
  ),
  example(
    'the version that deltalake tells, logged beside the address',
    'what people log: dt.version(); it can only be that of the one table',
    [
      a,
      b,
      c,
      run('param', { params: { data: onMain, delta_version: '1' } }),
      run('tag', { inputs: [pandas(onMain, { name: 'frame' })], tags: { 'train.deltaTableVersion': '1' } }),
      run('zero', { params: { data: onMain, delta_version: '0' } }),
      run('spark', { tags: { sparkDatasourceInfo: `path=${onMain},version=1,format=delta` } }),
    ],
    {
      param: {
        ...links(resolved('b', table, { ...named(1), where: 'param' })),
        status: 'superseded',
        because: 'main@c',
      },
      tag: { ...links(resolved('b', table, named(1))), status: 'superseded', because: 'main@c' },
      zero: { ...links(resolved('a', table, named(0))), status: 'superseded', because: 'main@b' },
      spark: {
        ...links(resolved('b', table, { ...named(1), where: 'tag' })),
        status: 'superseded',
        because: 'main@c',
      },
    },
    clock,
  ),
  example(
    'numbers that need not be the version of what was read',
    'design 2: a wrong link is worse than none',
    [
      commit('a', { ...version(0), 'silver/u/part-0.parquet': 'u' }),
      b,
      c,
      run('any', { params: { data: onMain, version: '1' } }),
      run('other', { params: { data: onMain, previous_delta_version: '1' } }),
      run('two', { params: { t: onMain, u: 's3://{repo}/main/silver/u', delta_version: '1' } }),
      run('none', { inputs: [delta(onMain, { name: 'without' })] }),
    ],
    {
      any: links(inferred('c', table)),
      other: links(inferred('c', table)),
      two: links(inferred('c', table), inferred('c', 'silver/u')),
      none: links(inferred('c', table)),
    },
    clock,
  ),
  example(
    'a version in a source that names a commit',
    'design 3 exact: the commit says it all',
    [a, b, c, run('r', { inputs: [deltaAt(`s3a://{repo}/{b}/${table}`, 1)] })],
    { r: { ...links(exact('b', table)), status: 'superseded', because: 'main@c' } },
  ),
];
