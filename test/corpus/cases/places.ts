import { pandas } from '../harness/inputs.js';
import {
  branch,
  type Case,
  commit,
  declared,
  deleteRepository,
  exact,
  example,
  links,
  look,
  repository,
  run,
} from '../harness/vocabulary.js';
import { csv } from './shared.js';

const first = commit('a', { [csv]: '1' });
const source = `s3://{repo}/{a}/${csv}`;

export const places: readonly Case[] = [
  example(
    'a bucket that is named like a repository',
    'design 3: a lakeFS reference only if the second part is a ref there: never claim a plain bucket',
    [
      first,
      run('folder', { inputs: [pandas('s3://{repo}/data/2026/x.csv', { name: 'f' })] }),
      run('main', { inputs: [pandas('s3://{repo}/main/raw/x.csv', { name: 'm' })] }),
      run('hex', { inputs: [pandas('s3://{repo}/202601/x.csv', { name: 'h' })] }),
      run('sha', { inputs: [pandas(`s3://{repo}/${'c'.repeat(64)}/x.csv`, { name: 's' })] }),
    ],
    {},
  ),
  example(
    'a bucket that is no repository',
    'design 3: only if the first part is a repository of ours',
    [
      first,
      run('r', { inputs: [pandas('s3://plain-bucket/main/x.csv')] }),
      run('commit', { inputs: [pandas(`s3://plain-bucket/{a}/${csv}`, { name: 'c' })] }),
    ],
    {},
  ),
  example(
    'gold/train beside gold/train_v2: the neighbour changed',
    'design 6, traps: a path matches itself or what follows "path/"; design 8 current',
    [
      commit('a', { 'gold/train/p.csv': '1', 'gold/train_v2/p.csv': '1' }),
      run('slash', { inputs: [pandas('s3://{repo}/{a}/gold/train/', { name: 's' })] }),
      run('bare', { inputs: [pandas('s3://{repo}/{a}/gold/train', { name: 'b' })] }),
      commit('b', { 'gold/train_v2/p.csv': '2' }),
    ],
    { slash: links(exact('a', 'gold/train/')), bare: links(exact('a', 'gold/train')) },
  ),
  example(
    'gold/train beside gold/train_v2: equal bytes are judged without the neighbour',
    'design 3: the declared commit, where the bytes under the path are equal',
    [
      commit('a', { 'gold/train/p.csv': '1', 'gold/train_v2/p.csv': '1' }),
      commit('b', { 'gold/train_v2/p.csv': '2' }),
      run('r', {
        inputs: [pandas('s3://{repo}/{a}/gold/train')],
        tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' },
      }),
    ],
    { r: links(declared('b', 'gold/train')) },
  ),
  example(
    "another repository's commit",
    'facts/lakefs 5.1: ids are unique per repository only',
    [
      first,
      repository('other'),
      commit('x', { 'x.csv': 'x' }, { repo: 'other' }),
      run('r', { inputs: [pandas('s3://{repo}/{x}/x.csv', { name: 'i' })] }),
      run('tags', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{x}' } }),
    ],
    {},
  ),
  example(
    'two repositories in one run',
    'design 4.2: lakefs.input per repository and commit, no guide tags',
    [
      first,
      repository('other'),
      commit('x', { 'x.csv': 'x' }, { repo: 'other' }),
      run('r', {
        inputs: [pandas(source, { name: 'i' }), pandas('s3://{repo.other}/{x}/x.csv', { name: 'j' })],
      }),
    ],
    { r: links(exact('a', csv), exact('x', 'x.csv')) },
  ),
  example(
    'one repository declared, another read',
    'design 3: a declaration speaks of its own repository; design 4.2: the user’s tags stay',
    [
      first,
      repository('other'),
      commit('x', { 'x.csv': 'x' }, { repo: 'other' }),
      run('r', {
        inputs: [pandas(source)],
        tags: { lakefs_repo: '{repo.other}', lakefs_commit: '{x}' },
      }),
    ],
    { r: links(exact('a', csv), declared('x', '')) },
  ),
  example(
    'two installations with a repository of one name',
    'design 4.5: disjoint EXPERIMENTS tell them apart; design 3: keyed by installation',
    [
      first,
      repository('second'),
      commit('x', { [csv]: 'x' }, { repo: 'second' }),
      run('here', { inputs: [pandas(source)] }),
      run('there', { inputs: [pandas(`s3://{repo}/{x}/${csv}`)], experiment: 'second' }),
      run('astray', { inputs: [pandas(`s3://{repo}/{x}/${csv}`, { name: 'y' })] }),
    ],
    {
      here: links(exact('a', csv)),
      there: links(exact('x', csv, { installation: 'second' })),
    },
  ),
  example(
    'a repository that was deleted before anybody looked',
    'design 3: only if the repository is there',
    [first, run('r', { inputs: [pandas(source)] }), deleteRepository()],
    {},
  ),
  example(
    'a repository that was deleted after its run was linked',
    'design 2: unknown is not false: a 404 removes nothing',
    [first, run('r', { inputs: [pandas(source)] }), look({ r: links(exact('a', csv)) }), deleteRepository()],
    { r: { ...links(exact('a', csv)), anyStatus: true } },
  ),
  example(
    'a repository that was deleted and made again under its name',
    'design 2: unknown is not false; facts/lakefs 5.1: the name may be used again',
    [
      first,
      run('r', { inputs: [pandas(source)] }),
      look({ r: links(exact('a', csv)) }),
      deleteRepository(),
      repository('repo'),
      commit('n', { [csv]: 'new' }),
      run('new', { inputs: [pandas(`s3://{repo}/{n}/${csv}`, { name: 'n' })] }),
      run('old', { inputs: [pandas(source, { name: 'o' })] }),
    ],
    { r: { ...links(exact('a', csv)), anyStatus: true }, new: links(exact('n', csv)) },
    // A real server answers with commits of the earlier repository from its cache for a while.
    { clock: true },
  ),
  example(
    'one file of many branches: a path with the branch’s name in it',
    'facts/lakefs 5.3: neither repository nor ref can hold a slash',
    [
      first,
      branch('exp'),
      commit('x', { 'main/exp.csv': '1' }, { on: 'exp' }),
      run('r', { inputs: [pandas('s3://{repo}/{x}/main/exp.csv')] }),
    ],
    { r: links(exact('x', 'main/exp.csv')) },
  ),
];
