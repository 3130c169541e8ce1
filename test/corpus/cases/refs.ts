import { pandas } from '../harness/inputs.js';
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
  inferred,
  links,
  look,
  merge,
  moveTag,
  nothing,
  resolved,
  run,
  stage,
  start,
  tag,
} from '../harness/vocabulary.js';
import { csv } from './shared.js';

const other = 'silver/other.csv';
const first = commit('a', { [csv]: '1', [other]: '1' });
const reads = (ref: string, path = csv) => ({ inputs: [pandas(`s3://{repo}/${ref}/${path}`)] });
const clock = { clock: true };
const empty = { flags: ['nothing at the path'] };

export const refs: readonly Case[] = [
  example(
    'a tag of lakeFS',
    'design 3 resolved: certain; design 4.2: guide tags where no link is inferred',
    [first, tag('v1', 'a'), run('r', reads('v1'))],
    { r: links(resolved('a', csv)) },
  ),
  example(
    'a tag that was moved after the run was linked',
    'design 3: the first resolution stays, a later different one is flagged "tag moved"',
    [
      first,
      tag('v1', 'a'),
      run('r', reads('v1')),
      look({ r: links(resolved('a', csv)) }),
      commit('b', { [csv]: '2' }),
      moveTag('v1', 'b'),
    ],
    {
      r: {
        ...links(resolved('a', csv, { flags: ['tag moved'] })),
        status: 'superseded',
        because: 'main@b',
      },
    },
  ),
  example(
    'a tag that was moved while the run ran, before anybody looked',
    'design 3 resolved: certain only where the commit is not younger than the run’s start',
    [
      first,
      tag('v1', 'a'),
      start('r', reads('v1')),
      commit('b', { [csv]: '2' }, { after: 60 }),
      moveTag('v1', 'b'),
      end('r'),
    ],
    {
      r: {
        ...links(resolved('b', csv, { flags: ['younger than the run'] })),
        read: [{ commit: 'a', path: csv }],
      },
    },
  ),
  example(
    'a path that is not there, at a commit',
    'design 3: a link whose commit holds nothing at its path is flagged so, is not certain and has no status',
    [
      first,
      run('source', reads('{a}', 'gold/nothing.csv')),
      run('declared', {
        inputs: [pandas('s3://{repo}/{a}/gold/neither.csv', { name: 'declared' })],
        tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' },
      }),
      run('param', { params: { data: 's3://{repo}/{a}/bronze/' } }),
    ],
    {
      source: { ...links(exact('a', 'gold/nothing.csv', empty)), status: null },
      declared: { ...links(declared('a', 'gold/neither.csv', empty)), status: null },
      param: { ...links(declared('a', 'bronze', empty)), status: null },
    },
  ),
  example(
    'a tag whose name looks like a version or a date',
    'facts/lakefs 5.3: tags may hold dots',
    [first, tag('2026.01-rc1', 'a'), run('r', reads('2026.01-rc1'))],
    { r: links(resolved('a', csv)) },
  ),
  example(
    'a branch that did not change',
    'design 3 inferred: its head around the start; design 4.2: lakefs.maybe, no guide tags',
    [first, run('r', reads('main'))],
    { r: { ...links(inferred('a', csv)), tags: { lakefs_commit: null } } },
    clock,
  ),
  example(
    'a branch that changed long before the run',
    'design 3 inferred: the head at the start',
    [first, commit('b', { [csv]: '2' }), run('r', reads('main'))],
    { r: links(inferred('b', csv)) },
    clock,
  ),
  example(
    'a branch that changed long after the run',
    'design 3 inferred; design 8 superseded',
    [first, run('r', reads('main')), commit('b', { [csv]: '2' })],
    { r: { ...links(inferred('a', csv)), status: 'superseded', because: 'main@b' } },
    clock,
  ),
  example(
    'a branch that changed under the path while the run ran',
    'design 3 ambiguous; design 4.2: no status where every link is ambiguous',
    [first, start('r', reads('main')), commit('b', { [csv]: '2' }, { after: 120 }), end('r')],
    { r: links(ambiguous('a', csv)) },
    clock,
  ),
  example(
    'a branch that changed elsewhere while the run ran',
    'design 3: ambiguous only if the bytes under the path changed',
    [first, start('r', reads('main')), commit('b', { [other]: '2' }, { after: 120 }), end('r')],
    { r: links(inferred('a', csv)) },
    clock,
  ),
  example(
    'a branch that changed half a minute before the run',
    'design 3: ambiguous from start - START_MARGIN (60 s) on',
    [first, commit('b', { [csv]: '2' }), run('r', { ...reads('main'), after: 30 })],
    { r: links(ambiguous('b', csv)) },
    clock,
  ),
  example(
    'a branch that changed two minutes before the run',
    'design 3: the margin is 60 s',
    [first, commit('b', { [csv]: '2' }), run('r', { ...reads('main'), after: 120 })],
    { r: links(inferred('b', csv)) },
    clock,
  ),
  example(
    'a branch with uploads under the path that were committed after the run',
    'design 3: a branch read also returns uncommitted objects; the mtime of the next commit’s objects',
    [first, stage({ [csv]: '2' }), run('r', reads('main')), commit('b', {})],
    { r: links(ambiguous('a', csv)) },
    clock,
  ),
  example(
    'a branch with uploads elsewhere that were committed after the run',
    'design 3: under the path only',
    [first, stage({ [other]: '2' }), run('r', reads('main')), commit('b', {})],
    { r: links(inferred('a', csv)) },
    clock,
  ),
  example(
    'a path that was only uploaded when the run read it, and committed afterwards',
    'design 3 ambiguous: uncommitted changes are or may have been under the path',
    [first, stage({ 'gold/new.csv': '1' }), run('r', reads('main', 'gold/new.csv')), commit('b', {})],
    { r: links(ambiguous('a', 'gold/new.csv')) },
    clock,
  ),
  example(
    'a running run on a branch with uncommitted changes under the path',
    'look at the uncommitted diff for running runs',
    [first, stage({ [csv]: '2' }), start('r', reads('main'))],
    { r: links(ambiguous('a', csv)) },
    clock,
  ),
  example(
    'a running run on a branch with uncommitted changes elsewhere',
    'under the path only',
    [first, stage({ [other]: '2' }), start('r', reads('main'))],
    { r: links(inferred('a', csv)) },
    clock,
  ),
  example(
    'the committed head: branch@',
    'facts/lakefs 5.3: branch@ never shows uncommitted objects; a branch all the same',
    [first, run('r', reads('main@'))],
    { r: links(inferred('a', csv)) },
    clock,
  ),
  example(
    'steps back from a commit or a tag lead to one commit',
    'facts/lakefs 5.3: ref~N and ref^N; design 3: a source that names a commit, a tag that is looked up',
    [
      first,
      commit('b', { [csv]: '2' }),
      tag('v2', 'b'),
      run('commit', reads('{b}~1')),
      run('tag', { inputs: [pandas(`s3://{repo}/v2~1/${csv}`, { name: 'tag' })] }),
    ],
    {
      commit: { ...links(exact('a', csv)), status: 'superseded', because: 'main@b' },
      tag: { ...links(resolved('a', csv)), status: 'superseded', because: 'main@b' },
    },
  ),
  example(
    'a step back from a branch',
    'facts/lakefs 5.3: ref~N; design 3: never certain',
    [first, commit('b', { [csv]: '2' }), run('r', reads('main~1'))],
    { r: { ...links(inferred('a', csv)), status: 'superseded', because: 'main@b' } },
    clock,
  ),
  example(
    'the second parent of a merge',
    'facts/lakefs 5.3: ref^N is the N-th parent',
    [
      first,
      branch('exp'),
      commit('x', { [csv]: 'x' }, { on: 'exp' }),
      merge('m', 'exp'),
      run('r', reads('{m}^2')),
    ],
    { r: links(exact('x', csv)) },
  ),
  example(
    'a branch that was deleted before anybody looked',
    'design 3: a lakeFS reference only if the ref is there',
    [first, branch('exp'), run('r', reads('exp')), deleteBranch('exp')],
    { r: nothing },
  ),
  example(
    'a branch that was deleted after its run was linked',
    'design 2: unknown is not false: what was found stays; the commit is on main',
    [
      first,
      branch('exp'),
      run('r', reads('exp')),
      look({ r: links(inferred('a', csv)) }),
      deleteBranch('exp'),
    ],
    { r: links(inferred('a', csv)) },
    clock,
  ),
  example(
    'a branch whose name looks like the beginning of an id',
    'facts/lakefs 5.3: a branch comes before a prefix',
    [first, branch('deadbee', 'a'), run('r', reads('deadbee'))],
    { r: links(inferred('a', csv)) },
    clock,
  ),
  example(
    'a path that is not there, at a branch and at a tag',
    'design 3: for a branch or tag, the path exists at it',
    [
      first,
      tag('v1', 'a'),
      run('branch', reads('main', 'gold/nothing.csv')),
      run('tag', { inputs: [pandas('s3://{repo}/v1/bronze/', { name: 'tag' })] }),
    ],
    {},
  ),
  example(
    'a branch is read at the commit that the run declares, though it has moved on',
    'design 3: a branch or tag address in a repository whose commit the run declares is read at that commit',
    [
      first,
      commit('b', { [csv]: '2' }),
      run('r', { ...reads('main'), tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' } }),
    ],
    { r: { ...links(declared('a', csv)), status: 'superseded', because: 'main@b' } },
  ),
];
