import { autolog, code, delta, deltaMeta, local, meta, numpy, pandas, polars } from '../harness/inputs.js';
import {
  type Case,
  commit,
  declared,
  end,
  exact,
  example,
  links,
  look,
  nothing,
  resolved,
  run,
  start,
  tag,
  write,
} from '../harness/vocabulary.js';
import { csv } from './shared.js';

const one = commit('a', { [csv]: 'id,value\n1,2\n' });
const source = `s3://{repo}/{a}/${csv}`;
const guideTags = { lakefs_repo: '{repo}', lakefs_branch: 'main', lakefs_commit: '{a}' };

export const guide: readonly Case[] = [
  example(
    'a pandas frame whose source names the commit',
    'design 3 exact: a pandas digest with num_rows up to 10,000 covers all; design 4.2: guide tags where absent',
    [one, run('r', { inputs: [pandas(source, { name: 'train' })] })],
    { r: { ...links(exact('a', csv)), tags: { lakefs_branch: 'main' } } },
  ),
  example(
    "lakeFS's guide: dataset, then its three tags",
    'design 3 declared; a link found twice keeps its strongest kind and gets no path-less twin',
    [one, run('r', { inputs: [pandas(source)], tags: guideTags })],
    { r: links(declared('a', csv, { where: 'input' })) },
  ),
  example(
    'the dataset comes before the tags, and the run is seen in between',
    'mlflow observations 4: log-inputs comes before the tags; design 4.2: guide tags on terminal runs only',
    [
      one,
      start('r', { inputs: [pandas(source)] }),
      look({ r: { ...links(exact('a', csv)), tags: { lakefs_commit: null } } }),
      write('r', { tags: guideTags }),
      end('r'),
    ],
    { r: links(declared('a', csv)) },
  ),
  example(
    'a running run has no guide tags, and gets them at its end',
    'design 4.2: a running run has lakefs.input until its guide tags are written',
    [one, start('r', { inputs: [pandas(source)] }), look({ r: links(exact('a', csv)) }), end('r')],
    { r: links(exact('a', csv)) },
  ),
  example(
    'a running run says what it reads',
    'design 4.2: lakefs.input.<repository>.<commit12> while it runs',
    [one, start('r', { inputs: [pandas(source)] })],
    { r: links(exact('a', csv)) },
  ),
  example(
    'tags only',
    'design 3 declared: the tags name the commit; the link has no path',
    [one, run('r', { tags: guideTags })],
    { r: links(declared('a', '', { where: 'tag' })) },
  ),
  example(
    'tags only, without the branch',
    'design 4.2: the label lakefs_branch is written where absent',
    [one, run('r', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{a}' } })],
    { r: { ...links(declared('a', '')), tags: { lakefs_branch: 'main' } } },
  ),
  example(
    'the beginning of a commit id without a repository names nothing',
    'design 1: everything is keyed by repository and commit; only whole ids are unique',
    [one, run('r', { tags: { lakefs_commit: '{a.12}' } })],
    { r: nothing },
  ),
  example(
    'a commit tag whose value is no commit is text',
    'design 3: a declared value that names no commit is text: kept, never evidence',
    [one, run('r', { tags: { lakefs_repo: '{repo}', lakefs_commit: 'see the wiki' } })],
    { r: nothing },
  ),
  example(
    'a commit tag that names no commit, beside a source that does',
    'design 3: text is kept, never evidence; design 4.2: lakefs.input where the user has another value',
    [
      one,
      run('r', { inputs: [pandas(source)], tags: { lakefs_repo: '{repo}', lakefs_commit: 'f'.repeat(64) } }),
    ],
    { r: links(exact('a', csv)) },
  ),
  example(
    "the beginning of a commit's id, declared",
    'a commit id, also a unique prefix; design 4.2: a user value that differs is kept',
    [one, run('r', { tags: { lakefs_repo: '{repo}', lakefs_commit: '{a.12}' } })],
    { r: links(declared('a', '')) },
  ),
  example(
    'the older guide: a source on the branch, the commit in lakefs_head_commit_id',
    'design 3: a branch address in a repository whose commit the run declares is read at that commit',
    [
      one,
      run('r', {
        inputs: [pandas(`s3://{repo}/main/${csv}`)],
        tags: { lakefs_repo: '{repo}', lakefs_branch: 'main', lakefs_head_commit_id: '{a}' },
      }),
    ],
    { r: links(declared('a', csv)) },
  ),
  example(
    'the older guide with tags only',
    'facts/lakefs 6: lakefs_head_commit_id of an earlier text of the guide',
    [one, run('r', { tags: { lakefs_repo: '{repo}', lakefs_head_commit_id: '{a}' } })],
    { r: links(declared('a', '')) },
  ),
  example(
    'lakefs_dataset holds the address of a page of lakeFS, with a tag as ref',
    'facts/lakefs 6: samples write a UI URL with a tag ref; design 3 resolved',
    [
      one,
      tag('v1.0', 'a'),
      run('r', {
        tags: {
          lakefs_repo: '{repo}',
          lakefs_dataset: `{endpoint}/repositories/{repo}/objects?ref=v1.0&path=${encodeURIComponent('gold/')}`,
        },
      }),
    ],
    { r: links(resolved('a', 'gold/', { where: 'tag' })) },
  ),
  example(
    'lakefs_dataset holds the address of a page of lakeFS, with a commit as ref',
    'design 3 declared: the user’s own tags name the commit',
    [
      one,
      run('r', {
        tags: { lakefs_dataset: `{endpoint}/repositories/{repo}/objects?ref={a}&path=${csv}` },
      }),
    ],
    { r: links(declared('a', csv, { where: 'tag' })) },
  ),
  example(
    'a Delta table read with Spark, as the guide shows',
    'recorded/mlflow/spark-writes.json; design 3 exact: no other run with that dataset name and digest',
    [
      commit('a', { 'gold/train_v2/_delta_log/0.json': '{}', 'gold/train_v2/part-0.parquet': 'x' }),
      run('r', { inputs: [delta('s3://{repo}/{a}/gold/train_v2/', { name: 'boat-images' })] }),
    ],
    { r: links(exact('a', 'gold/train_v2/')) },
  ),
  example(
    'a Delta table by path without Spark, with a version',
    'recorded client-writes delta-path-meta',
    [
      commit('a', { 'gold/train_v2/_delta_log/0.json': '{}' }),
      run('r', { inputs: [deltaMeta('s3a://{repo}/{a}/gold/train_v2/')] }),
    ],
    { r: links(exact('a', 'gold/train_v2/')) },
  ),
  example(
    'arrays, polars frames and datasets without a frame',
    'facts/mlflow 2.3: same source shape; design 3 exact: the only run with that name and digest',
    [
      one,
      run('numpy', { inputs: [numpy(source)] }),
      run('polars', { inputs: [polars(source)] }),
      run('meta', { inputs: [meta('s3://{repo}/{a}/gold/')] }),
    ],
    { numpy: links(exact('a', csv)), polars: links(exact('a', csv)), meta: links(exact('a', 'gold/')) },
  ),
  example(
    'training and evaluation data of one commit',
    'design 4.2: guide tags where the links name exactly one commit',
    [
      commit('a', { [csv]: '1', 'gold/eval.csv': '2' }),
      run('r', {
        inputs: [
          pandas(source, { name: 'train' }),
          pandas('s3://{repo}/{a}/gold/eval.csv', { name: 'eval', context: 'eval' }),
        ],
      }),
    ],
    { r: links(exact('a', csv), exact('a', 'gold/eval.csv')) },
  ),
  example(
    'data of two commits',
    'design 4.2: several commits are named by lakefs.input, and no guide tag is written',
    [
      commit('a', { [csv]: '1' }),
      commit('b', { 'gold/eval.csv': '2' }),
      run('r', {
        inputs: [
          pandas(source, { name: 'train' }),
          pandas('s3://{repo}/{b}/gold/eval.csv', { name: 'eval' }),
        ],
      }),
    ],
    { r: links(exact('a', csv), exact('b', 'gold/eval.csv')) },
  ),
  example(
    'failed and killed runs have read their data too',
    'design 4.2: terminal statuses',
    [
      one,
      run('failed', { inputs: [pandas(source, { name: 'f' })], status: 'FAILED' }),
      run('killed', { inputs: [pandas(source, { name: 'k' })], status: 'KILLED' }),
    ],
    { failed: links(exact('a', csv)), killed: links(exact('a', csv)) },
  ),
  example(
    'a frame without a source, autologging and a local file name no lakeFS data',
    'facts/mlflow 2.3: source types code and local hold no address',
    [
      one,
      run('code', { inputs: [code()] }),
      run('autolog', { inputs: [autolog()] }),
      run('local', { inputs: [local()] }),
      run('silent', {}),
    ],
    {},
  ),
  example(
    'autologging beside a dataset that was logged by hand',
    'mlflow observations 4: two inputs then, of which one has an address',
    [one, run('r', { inputs: [pandas(source, { name: 'train' }), autolog()] })],
    { r: links(exact('a', csv)) },
  ),
  example(
    'a run that made a commit: its metadata names the run',
    'produced; design 4.2: lakefs.produced.<repository>.<commit12>',
    [
      one,
      run('r', { inputs: [pandas(source)] }),
      look({ r: links(exact('a', csv)) }),
      commit('x', { 'models/churn.bin': '1' }, { metadata: { mlflow_run_id: '{run.r}' } }),
    ],
    { r: { ...links(exact('a', csv)), tags: { 'lakefs.produced.{repo}.{x.12}': '{x}' } } },
  ),
];
