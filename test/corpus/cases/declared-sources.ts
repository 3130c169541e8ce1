import { pandas } from '../harness/inputs.js';
import { type Case, conflict, declared, exact, example, links, run } from '../harness/vocabulary.js';
import { at, big, changed, csv, elsewhere, first, superseded } from './shared.js';

export const declaredSources: readonly Case[] = [
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
