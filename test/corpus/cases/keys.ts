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
import { csv } from './shared.js';

const one = commit('a', { [csv]: '1' });

export const keys: readonly Case[] = [
  example(
    'a parameter that names the commit',
    'params whose value is a lakeFS URI; design 3 declared: params name the commit',
    [one, run('r', { params: { data_path: `s3://{repo}/{a}/${csv}`, epochs: '3' } })],
    { r: links(declared('a', csv, { where: 'param' })) },
  ),
  example(
    'a parameter with a lakefs:// address of a tag',
    'params; design 3 resolved',
    [one, tag('v1', 'a'), run('r', { params: { data: `lakefs://{repo}/v1/${csv}` } })],
    { r: links(resolved('a', csv, { where: 'param' })) },
  ),
  example(
    'a parameter with an address of a branch',
    'params; design 3 inferred',
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
    'facts/lakefs 6: elsewhere; a configurable list; design 4.2: these stay as they are',
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
    'other tags whose value is a lakeFS URI; design 3 declared',
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
    'nested runs, marked parent',
    [
      one,
      run('parent', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' } }),
      run('child', { parent: 'parent' }),
    ],
    { parent: links(declared('a', '')), child: links(declared('a', '', { where: 'parent' })) },
  ),
  example(
    'a parent has not read what its child declares',
    'never the reverse',
    [
      one,
      run('parent', {}),
      run('child', { parent: 'parent', tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' } }),
    ],
    { parent: nothing, child: links(declared('a', '')) },
  ),
  example(
    'a child does not inherit what we wrote on its parent',
    'never what we wrote',
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
    'what its parent declared: tags or params (design 3)',
    [one, run('parent', { params: { data: `s3://{repo}/{a}/${csv}` } }), run('child', { parent: 'parent' })],
    { parent: links(declared('a', csv)), child: links(declared('a', csv, { where: 'parent' })) },
  ),
  example(
    'a whole commit id alone, where one repository has it',
    'a full commit id with no repository key, where exactly one watched repository has it',
    [
      // An id is made of what the commit holds: the sandbox gives equal commits of all these cases one.
      commit('a', { 'alone.csv': 'of this case only' }),
      run('r', { tags: { lakefs_commit: '{a}' } }),
      run('p', { params: { data_commit: '{a}', epochs: '3' } }),
    ],
    { r: links(declared('a', '')), p: links(declared('a', '', { where: 'param' })) },
  ),
  example(
    'a short commit id alone, a git commit and a checksum say nothing',
    'precision first; short ids are not unique',
    [
      one,
      run('short', { tags: { lakefs_commit: '{a.12}' } }),
      run('git', { tags: { lakefs_commit: '0123456789abcdef0123456789abcdef01234567' } }),
      run('sum', { tags: { lakefs_commit: 'ab'.repeat(32) } }),
      run('key', { tags: { checksum: '{a}' } }),
    ],
    {},
  ),
  example(
    'the commit in one key, the repository only in an address in another',
    'one declared link, no second, inferred one',
    [
      one,
      commit('b', { [csv]: '2' }),
      run('r', { tags: { lakefs_commit: '{a}' }, params: { data_path: `s3://{repo}/main/${csv}` } }),
      run('s', { tags: { lakefs_commit: '{a.12}' }, params: { data_path: `s3://{repo}/main/${csv}` } }),
    ],
    {
      r: { ...links(declared('a', csv, { where: 'param' })), status: 'superseded', because: 'main@b' },
      s: { ...links(declared('a', csv, { where: 'param' })), status: 'superseded', because: 'main@b' },
    },
  ),
  example(
    'lakefs_ref beside a repository: a commit, a tag',
    'lakefs_ref beside a repository key (branch, tag or commit)',
    [
      one,
      tag('v1', 'a'),
      run('commit', { tags: { lakefs_repo: '{repo}', lakefs_ref: '{a}' } }),
      run('tag', { tags: { lakefs_repo: '{repo}', lakefs_ref: 'v1' } }),
    ],
    { commit: links(declared('a', '')), tag: links(resolved('a', '')) },
  ),
  example(
    'lakefs_ref beside a repository: a branch',
    'lakefs_ref; design 3 inferred',
    [one, run('r', { tags: { lakefs_repo: '{repo}', lakefs_ref: 'main' } })],
    { r: links(inferred('a', '')) },
    { clock: true },
  ),
  example(
    'keys with a purpose in their middle',
    'lakefs_training_data_commit; keys of what was written or came before do not count',
    [
      one,
      run('r', { tags: { lakefs_repo: '{repo}', lakefs_training_data_commit: '{a}' } }),
      run('dots', { tags: { 'lakefs.train.repo': '{repo}', 'lakefs.train.commit': '{a}' } }),
      run('output', { tags: { lakefs_repo: '{repo}', lakefs_output_commit: '{a}' } }),
      run('previous', { tags: { lakefs_repo: '{repo}', lakefs_previous_commit: '{a}' } }),
    ],
    { r: links(declared('a', '')), dots: links(declared('a', '')) },
  ),
  example(
    'a git commit or a filler in the key of the commit leaves the branch beside it',
    'must not silence the branch named beside it; design 3 inferred',
    [
      one,
      run('git', {
        tags: {
          lakefs_repo: '{repo}',
          lakefs_branch: 'main',
          lakefs_commit: '0123456789abcdef0123456789abcdef01234567',
        },
      }),
      run('filler', { tags: { lakefs_repo: '{repo}', lakefs_branch: 'main', lakefs_commit: 'unknown' } }),
    ],
    { git: links(inferred('a', '')), filler: links(inferred('a', '')) },
    { clock: true },
  ),
  example(
    'lists and maps as Python, NumPy, YAML and OmegaConf print them',
    'every way in which Python and its libraries print lists and maps',
    [
      commit('a', { 'p/train.csv': '1', 'p/test.csv': '2', 'p/c.csv': '3' }),
      run('map', {
        params: {
          data: "{'train': 's3://{repo}/{a}/p/train.csv', 'test': ['s3://{repo}/{a}/p/test.csv', None]}",
        },
      }),
      run('numpy', { params: { data: "['s3://{repo}/{a}/p/train.csv'\n 's3://{repo}/{a}/p/test.csv']" } }),
      run('bare', { params: { data: '[s3://{repo}/{a}/p/train.csv,s3://{repo}/{a}/p/test.csv]' } }),
      run('bar', { params: { data: 's3://{repo}/{a}/p/train.csv|s3://{repo}/{a}/p/test.csv' } }),
      run('yaml', {
        params: { data: 'train: s3://{repo}/{a}/p/train.csv\ntest:\n- s3://{repo}/{a}/p/test.csv\n- null' },
      }),
      run('json', {
        tags: {
          data: '{"train": "s3://{repo}/{a}/p/train.csv", "test": "s3://{repo}/{a}/p/test.csv", "n": 3}',
        },
      }),
      run('output', { params: { data: "{'output_dir': 's3://{repo}/{a}/p/train.csv'}" } }),
      run('remark', { params: { data: '[see s3://{repo}/{a}/p/train.csv for more]' } }),
    ],
    Object.fromEntries(
      ['map', 'numpy', 'bare', 'bar', 'yaml', 'json'].map((name) => [
        name,
        links(...['train', 'test'].map((part) => declared('a', `p/${part}.csv`))),
      ]),
    ),
  ),
  example(
    'a list that a logger has cut within the second commit id',
    'the whole addresses count, the cut one never does',
    [
      one,
      commit('b', { [csv]: '2' }),
      run('r', { params: { data: `['s3://{repo}/{a}/${csv}', 's3://{repo}/{b.12}` } }),
    ],
    { r: { ...links(declared('a', csv, { where: 'param' })), status: 'superseded', because: 'main@b' } },
  ),
  example(
    'data of a model in a flattened configuration, beside what the model is saved to',
    'model. in front of flattened keys (hydra, NeMo); real outputs still do not count',
    [
      one,
      run('r', {
        params: {
          'model.train_ds.manifest_filepath': `s3://{repo}/{a}/${csv}`,
          'model.save_to': 's3://{repo}/main/models/',
          output_dir: 's3://{repo}/main/out/',
        },
      }),
      run('w', { params: { 'model.save_to': `s3://{repo}/{a}/${csv}` } }),
    ],
    { r: links(declared('a', csv, { where: 'param' })) },
  ),
];
