import { byHand, huggingFace, pandas } from '../harness/inputs.js';
import {
  type Case,
  commit,
  conflict,
  declared,
  deleteExperiment,
  deleteRun,
  exact,
  example,
  ignoreExperiment,
  links,
  look,
  nothing,
  resume,
  run,
  start,
  write,
} from '../harness/vocabulary.js';
import { csv } from './shared.js';

const first = commit('a', { [csv]: '1' });
const source = `s3://{repo}/{a}/${csv}`;
const odd = "gold/100% été ?x=1#top %2F ..$&+,;=@:~!*'()[].csv";
const manyTags = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`user.tag.${n}`, `value ${n}`]));

export const oddRuns: readonly Case[] = [
  example(
    'a run without a start time',
    'facts/mlflow 3.3: a missing start_time is stored as 0; a commit needs no time',
    [first, run('r', { inputs: [pandas(source)], noStart: true })],
    { r: links(exact('a', csv)) },
  ),
  example(
    'a run from the future',
    'facts/mlflow 3.3: times are set by clients; a commit needs no time',
    [first, run('r', { inputs: [pandas(source)], after: 30 * 86_400 })],
    { r: links(exact('a', csv)) },
  ),
  example(
    'a resumed run: RUNNING with its old end time',
    'mlflow observations 4; design 4.2: guide tags on terminal runs only, ours stay',
    [first, run('r', { inputs: [pandas(source)] }), look({ r: links(exact('a', csv)) }), resume('r')],
    {
      r: {
        ...links(exact('a', csv)),
        tags: {
          lakefs_repo: '{repo}',
          lakefs_commit: '{a}',
          'lakefs.input.{repo}.{a.12}': null,
          'lakefs.input.{repo}': null,
        },
      },
    },
  ),
  example(
    'a guide tag of ours that a person changed to a commit with other bytes',
    'design 4.2: wrote: one that differs is the user’s; design 3: other bytes: conflict, at every look',
    [
      first,
      commit('b', { [csv]: '2' }),
      run('r', { inputs: [pandas(source)] }),
      look({ r: { ...links(exact('a', csv)), status: 'superseded', because: 'main@b' } }),
      write('r', { tags: { lakefs_commit: '{b}' } }),
    ],
    {
      r: {
        ...links(conflict('a', csv), conflict('b', '')),
        status: 'superseded',
        because: 'main@b',
        free: ['lakefs_repo'],
      },
    },
  ),
  example(
    'an id in capitals',
    'lakefs observations 1: an id in upper case answers 404, so nothing can have been read there',
    [first, run('r', { inputs: [pandas(`s3://{repo}/{a.upper}/${csv}`)] })],
    { r: nothing },
  ),
  example(
    'an id in capitals that is declared',
    'a run by declaration in capitals; a whole id means the commit, however it is written',
    [
      first,
      run('guide', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{a.upper}' } }),
      run('param', { params: { lakefs_repo: '{repo}', data_commit: '{a.upper}' } }),
    ],
    { guide: links(declared('a', '')), param: links(declared('a', '')) },
  ),
  example(
    'a path with dots, blanks, percent signs, ? and #',
    'facts/lakefs 6: an object path may hold anything; the address splits on its first two slashes',
    [commit('a', { [odd]: '1' }), run('r', { inputs: [pandas(`s3://{repo}/{a}/${odd}`)] })],
    { r: links(exact('a', odd)) },
  ),
  example(
    'a path that climbs',
    'design 2: a wrong link is worse than none: some programs fold "..", others take it for a name',
    [first, run('r', { inputs: [pandas('s3://{repo}/{a}/gold/../../other/{a}/x.csv')] })],
    { r: nothing },
  ),
  example(
    'a source that is no JSON',
    'facts/mlflow 2.1: source is a string that nobody checks',
    [
      first,
      run('broken', { inputs: [byHand('{"uri": "s3://{repo}', { name: 'b' })] }),
      run('words', { inputs: [byHand('the train file of last week', { name: 'w' })] }),
      run('array', { inputs: [byHand('[1, 2, [3]]', { name: 'a' })] }),
      run('nothing', { inputs: [byHand('null', { name: 'n' })] }),
    ],
    {},
  ),
  example(
    'a source of 65 kB',
    'facts/mlflow 2.1: up to 65,535 characters; design 4.2: the list is cut, the commit is named',
    [
      first,
      run('r', {
        inputs: [huggingFace(Array.from({ length: 500 }, (_, n) => `s3://{repo}/{a}/gold/${n}.csv`))],
      }),
    ],
    // None of the files is there.
    { r: { ...links(exact('a', 'gold/0.csv')), status: null, cut: true } },
  ),
  example(
    'a thousand inputs',
    '1,000 inputs on one run: bounded work, nothing lost',
    [
      first,
      commit('b', { 'gold/b.csv': '1' }),
      run('r', {
        inputs: Array.from({ length: 1_000 }, (_, n) =>
          pandas(`s3://{repo}/{${n % 2 === 0 ? 'a' : 'b'}}/gold/part-${n}`, { name: `part-${n}` }),
        ),
      }),
    ],
    { r: { ...links(exact('a', 'gold/part-0'), exact('b', 'gold/part-1')), cut: true } },
  ),
  example(
    'two thousand tags',
    'issue, bad input; design 4.2: nothing else is touched',
    [first, run('r', { inputs: [pandas(source)], tags: manyTags })],
    { r: links(exact('a', csv)) },
  ),
  example(
    'tags of ours that a person edited are mended',
    'design 4.2: the closed list is ours, but for the guide tags',
    [
      first,
      run('r', { inputs: [pandas(source)] }),
      look({ r: links(exact('a', csv)) }),
      write('r', { tags: { 'lakefs.evidence': 'declared', 'lakefs.status': 'reverted' } }),
    ],
    { r: links(exact('a', csv)) },
  ),
  example(
    'a guide tag of ours that a person changed is the user’s from then on',
    'design 4.2: wrote: one that differs is the user’s; it declares a commit with the same bytes',
    [
      first,
      commit('b', { 'silver/x.csv': '1' }),
      run('r', { inputs: [pandas(source)] }),
      look({ r: links(exact('a', csv)) }),
      write('r', { tags: { lakefs_commit: '{b}' } }),
    ],
    { r: { ...links(declared('b', csv)) } },
  ),
  example(
    'a run that is to be ignored',
    'design 4.2: lakefs.ignore = true is left alone',
    [
      first,
      run('r', { inputs: [pandas(source)], tags: { 'lakefs.ignore': 'true' } }),
      run('not', { inputs: [pandas(source, { name: 'n' })], tags: { 'lakefs.ignore': 'false' } }),
    ],
    { r: nothing, not: links(exact('a', csv)) },
  ),
  example(
    'an experiment that is to be ignored',
    'design 4.2: lakefs.ignore = true is left alone',
    [first, start('r', { inputs: [pandas(source)] }), ignoreExperiment],
    { r: nothing },
  ),
  example(
    'a deleted run',
    'facts/mlflow 3.4: they cannot be written to, and nothing fails',
    [first, run('r', { inputs: [pandas(source)] }), deleteRun('r')],
    { r: nothing },
  ),
  example(
    'a deleted experiment',
    'facts/mlflow 3.4: its runs cannot be written to, and nothing fails',
    [first, run('r', { inputs: [pandas(source)] }), deleteExperiment],
    { r: nothing },
  ),
];
