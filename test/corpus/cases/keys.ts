import { pandas } from '../harness/inputs.js';
import {
  type Case,
  commit,
  declared,
  exact,
  example,
  inferred,
  links,
  look,
  nothing,
  resolved,
  run,
  tag,
} from '../harness/vocabulary.js';

const csv = 'gold/train.csv';
const one = commit('a', { [csv]: '1' });

export const keys: readonly Case[] = [
  example(
    'a parameter that names the commit',
    'issue 1: params whose value is a lakeFS URI; design 3 declared: params name the commit',
    [one, run('r', { params: { data_path: `s3://{repo}/{a}/${csv}`, epochs: '3' } })],
    { r: links(declared('a', csv, { where: 'param' })) },
  ),
  example(
    'a parameter with a lakefs:// address of a tag',
    'issue 1: params; design 3 resolved',
    [one, tag('v1', 'a'), run('r', { params: { data: `lakefs://{repo}/v1/${csv}` } })],
    { r: links(resolved('a', csv, { where: 'param' })) },
  ),
  example(
    'a parameter with an address of a branch',
    'issue 1: params; design 3 inferred',
    [one, run('r', { params: { data: `s3://{repo}/main/${csv}` } })],
    { r: links(inferred('a', csv, { where: 'param' })) },
    { clock: true },
  ),
  example(
    'parameters that name no lakeFS data',
    'design 3: never claim a plain bucket',
    [
      one,
      run('r', {
        params: {
          a: 's3://plain-bucket/main/x',
          b: 'main',
          c: '{a}',
          d: 'https://example.com/{a}',
          e: '{repo}',
        },
      }),
    ],
    {},
  ),
  example(
    'a parameter says the same as the dataset',
    'design 3: a link found twice keeps its strongest kind',
    [
      one,
      run('r', { inputs: [pandas(`s3://{repo}/{a}/${csv}`)], params: { data: `s3://{repo}/{a}/${csv}` } }),
    ],
    { r: links(declared('a', csv)) },
  ),
  example(
    'keys seen in the wild: lakefs.repo with lakefs.commit or lakefs.commit_id',
    'facts/lakefs 6: elsewhere; issue 1: a configurable list; design 4.2: these stay as they are',
    [
      one,
      run('commit', { tags: { 'lakefs.repo': '{repo}', 'lakefs.commit': '{a}' } }),
      run('id', { tags: { lakefs_repo: '{repo}', 'lakefs.commit_id': '{a}' } }),
    ],
    { commit: links(declared('a', '')), id: links(declared('a', '')) },
  ),
  example(
    'lakefs_tag names a tag of lakeFS',
    'facts/lakefs 6; design 3 resolved',
    [one, tag('v1', 'a'), run('r', { tags: { lakefs_repo: '{repo}', lakefs_tag: 'v1' } })],
    { r: links(resolved('a', '')) },
  ),
  example(
    'lakefs_url and any other tag with a lakeFS address of a commit',
    'issue 1: other tags whose value is a lakeFS URI; design 3 declared',
    [
      one,
      run('url', { tags: { lakefs_url: `lakefs://{repo}/{a}/${csv}` } }),
      run('any', { tags: { 'team.input': `s3://{repo}/{a}/${csv}` } }),
    ],
    { url: links(declared('a', csv)), any: links(declared('a', csv)) },
  ),
  example(
    "a user's tags that begin like ours are the user's",
    'design 4.2: a closed list; users already have lakefs.commit and the like',
    [
      one,
      run('r', {
        inputs: [pandas(`s3://{repo}/{a}/${csv}`)],
        tags: { 'lakefs.note': 'mine', 'lakefs.inputs': '7', lakefs_owner: 'team-x' },
      }),
    ],
    { r: links(exact('a', csv)) },
  ),
  example(
    'a child run has read what its parent declared',
    'issue 1: nested runs, marked parent',
    [
      one,
      run('parent', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' } }),
      run('child', { parent: 'parent' }),
    ],
    { parent: links(declared('a', '')), child: links(declared('a', '', { where: 'parent' })) },
  ),
  example(
    'a parent has not read what its child declares',
    'issue 1: never the reverse',
    [
      one,
      run('parent', {}),
      run('child', { parent: 'parent', tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' } }),
    ],
    { parent: nothing, child: links(declared('a', '')) },
  ),
  example(
    'a child does not inherit what we wrote on its parent',
    'issue 1: never what we wrote',
    [
      one,
      run('parent', { inputs: [pandas(`s3://{repo}/{a}/${csv}`)] }),
      look({ parent: { ...links(exact('a', csv)), tags: { lakefs_commit: '{a}' } } }),
      run('child', { parent: 'parent' }),
    ],
    { parent: links(exact('a', csv)), child: nothing },
  ),
  example(
    "a child inherits a parent's parameter with its path",
    'issue 1: what its parent declared: tags or params (design 3)',
    [one, run('parent', { params: { data: `s3://{repo}/{a}/${csv}` } }), run('child', { parent: 'parent' })],
    { parent: links(declared('a', csv)), child: links(declared('a', csv, { where: 'parent' })) },
  ),
];
