import { pandas } from '../harness/inputs.js';
import {
  type Case,
  commit,
  declared,
  exact,
  example,
  importLike,
  links,
  look,
  revert,
  run,
} from '../harness/vocabulary.js';
import { csv, current, first, linked, other, reads, reverted, second, superseded } from './life-words.js';

export const life: readonly Case[] = [
  example(
    'a later commit that changed the path supersedes',
    'design 8 superseded; because is the oldest commit since which it holds',
    [first, run('r', reads('a')), linked('a'), second, commit('c', { [csv]: '3' })],
    { r: superseded('a', 'main@b') },
  ),
  example(
    'a later commit that leaves the path alone supersedes nothing',
    'design 8 current: nothing under p differs between X and the head',
    [first, run('r', reads('a')), linked('a'), commit('b', { [other]: '2' })],
    { r: current('a') },
  ),
  example(
    'the bytes came back: nothing differs any more',
    'design 8: current compares X with the head, whatever lay between',
    [first, run('r', reads('a')), linked('a'), second, commit('c', { [csv]: '1' })],
    { r: current('a') },
  ),
  example(
    'the bytes came back and went again: because is the later change',
    'design 8: because is the oldest commit since which the status has held',
    [
      first,
      run('r', reads('a')),
      linked('a'),
      second,
      commit('c', { [csv]: '1' }),
      commit('d', { [csv]: '4' }),
    ],
    { r: superseded('a', 'main@d') },
  ),
  example(
    'a revert',
    'design 8 reverted: every object that Y changed is as at Y’s first parent',
    [first, second, run('r', reads('b')), linked('b'), revert('u', 'b')],
    { r: reverted('b', 'main@u') },
  ),
  example(
    'a revert makes what was before good again',
    'design 8 current: nothing differs between X and the head',
    [first, second, run('r', reads('a')), look({ r: superseded('a', 'main@b') }), revert('u', 'b')],
    { r: current('a') },
  ),
  example(
    'a revert of a revert restores',
    'a revert of a revert restores',
    [
      first,
      second,
      run('r', reads('b')),
      revert('u', 'b'),
      look({ r: reverted('b', 'main@u') }),
      revert('w', 'u'),
    ],
    { r: current('b') },
  ),
  example(
    'undone by hand, without a word of it in the message',
    'judged by content, not by the message',
    [first, second, run('r', reads('b')), linked('b'), commit('c', { [csv]: '1' })],
    { r: reverted('b', 'main@c') },
  ),
  example(
    'only half undone',
    'design 8 reverted: every object; otherwise superseded',
    [
      commit('a', { 'gold/t/1': '1', 'gold/t/2': '1' }),
      commit('b', { 'gold/t/1': '2', 'gold/t/2': '2' }),
      run('r', reads('b', 'gold/t/')),
      commit('c', { 'gold/t/1': '1' }),
    ],
    { r: superseded('b', 'main@c', 'gold/t/') },
  ),
  example(
    'data that was taken out again, by the one who added it',
    'design 8 reverted: at H as at Y’s first parent, where it was absent',
    [
      commit('z', { [other]: '1' }),
      commit('a', { [csv]: '1' }),
      run('r', reads('a')),
      commit('c', { [csv]: null }),
    ],
    { r: reverted('a', 'main@c') },
  ),
  example(
    'Y is the last commit at or before X that changed the path',
    'design 8 reverted: Y need not be X',
    [first, second, commit('c', { [other]: '2' }), run('r', reads('c')), revert('u', 'b')],
    { r: reverted('c', 'main@u') },
  ),
  example(
    'an import on top',
    'facts/lakefs 5.4: an import has one parent; design 8 superseded by content',
    [first, run('r', reads('a')), linked('a'), importLike('i', { [csv]: 'imported' })],
    { r: superseded('a', 'main@i') },
  ),
  example(
    'a run without a path is judged on what its commit changed',
    'design 4.2: a link without a path is judged on the paths that its commit changed',
    [
      first,
      second,
      run('other', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' } }),
      commit('c', { [other]: '3' }),
      run('same', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{c}' } }),
      commit('d', { [other]: '4' }),
    ],
    {
      other: links(declared('b', '')),
      same: { ...links(declared('c', '')), status: 'superseded', because: 'main@d' },
    },
  ),
  example(
    'a run without a path on a commit of whose two paths one was reverted',
    'design 4.2: each path that its commit changed is judged for itself, the worst word counts',
    [
      first,
      commit('b', { [csv]: '2', [other]: '2' }),
      run('r', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{b}' } }),
      commit('c', { [csv]: '3' }),
      commit('d', { [other]: '1' }),
    ],
    { r: { ...links(declared('b', '')), status: 'reverted', because: 'main@d' } },
  ),
  example(
    'a run without a path on a commit that changed nothing',
    'design 4.2: a path-less link whose commit changed nothing is current',
    [
      first,
      commit('e', {}, { empty: true }),
      run('r', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{e}' } }),
      second,
    ],
    { r: links(declared('e', '')) },
  ),
  example(
    'the worst of two datasets counts',
    'design 4.2: lakefs.status is the worst of the links',
    [
      first,
      run('r', {
        inputs: [
          pandas(`s3://{repo}/{a}/${csv}`, { name: 'x' }),
          pandas(`s3://{repo}/{a}/${other}`, { name: 'y' }),
        ],
      }),
      second,
    ],
    { r: { ...links(exact('a', csv), exact('a', other)), status: 'superseded', because: 'main@b' } },
  ),
];
