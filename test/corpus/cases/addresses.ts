import {
  deltaTable,
  gcs,
  http,
  huggingFace,
  imdb,
  ownType,
  pandas,
  spark,
  sparkSql,
} from '../harness/inputs.js';
import { type Case, commit, declared, exact, example, links, nothing, run } from '../harness/vocabulary.js';
import { csv } from './shared.js';

const one = commit('a', { [csv]: '1', 'gold/été set/b c.csv': '2', 'top.csv': '3' });
const nowhere = {};

/** One run that reads one address. */
function reads(name: string, rule: string, uri: string, path: string): Case {
  return example(name, rule, [one, run('r', { inputs: [pandas(uri)] })], { r: links(exact('a', path)) });
}

const forms = 'facts/lakefs 6: forms of addresses';

export const addresses: readonly Case[] = [
  reads('s3a://', forms, `s3a://{repo}/{a}/${csv}`, csv),
  reads('s3n://', forms, `s3n://{repo}/{a}/${csv}`, csv),
  reads('lakefs://', forms, `lakefs://{repo}/{a}/${csv}`, csv),
  reads('a scheme in capitals', 'RFC 3986: schemes know no case', `S3://{repo}/{a}/${csv}`, csv),
  reads('the root of a repository, with a closing slash', forms, 's3://{repo}/{a}/', ''),
  reads('the root of a repository, without one', forms, 's3://{repo}/{a}', ''),
  reads('a directory without a closing slash', forms, 's3://{repo}/{a}/gold', 'gold'),
  reads(
    'blanks and letters beyond ASCII',
    forms,
    's3://{repo}/{a}/gold/été set/b c.csv',
    'gold/été set/b c.csv',
  ),
  reads('the beginning of an id', 'a unique prefix', `s3://{repo}/{a.12}/${csv}`, csv),
  example(
    "an object of lakeFS's API, percent-encoded",
    'facts/lakefs 6: API object URL',
    [
      one,
      run('r', {
        inputs: [
          http(`{endpoint}/api/v1/repositories/{repo}/refs/{a}/objects?path=${encodeURIComponent(csv)}`),
        ],
      }),
      run('unicode', {
        inputs: [
          http(
            `{endpoint}/api/v1/repositories/{repo}/refs/{a}/objects?path=${encodeURIComponent('gold/été set/b c.csv')}`,
          ),
        ],
      }),
    ],
    { r: links(exact('a', csv)), unicode: links(exact('a', 'gold/été set/b c.csv')) },
  ),
  example(
    "pages of lakeFS's web interface",
    'facts/lakefs 6: UI links',
    [
      one,
      run('objects', {
        inputs: [http(`{endpoint}/repositories/{repo}/objects?ref={a}&path=gold%2F`, { name: 'o' })],
      }),
      run('commit', { inputs: [http('{endpoint}/repositories/{repo}/commits/{a}', { name: 'c' })] }),
    ],
    { objects: links(exact('a', 'gold/')), commit: links(exact('a', '')) },
  ),
  example(
    "lakeFS's paths on another host are no lakeFS address",
    "design 3: an http(s) address counts only on the lakeFS endpoint's host or a listed one",
    [
      one,
      run('r', {
        inputs: [http(`https://lakefs.example.com/api/v1/repositories/{repo}/refs/{a}/objects?path=${csv}`)],
      }),
    ],
    nowhere,
  ),
  example(
    "a listed host of lakeFS, and its S3 gateway's domain in both styles",
    'design 3: the endpoint’s host or a listed one; virtual-host style when its domain is configured',
    [
      one,
      run('host', {
        inputs: [
          http(`https://lakefs.company.example/api/v1/repositories/{repo}/refs/{a}/objects?path=${csv}`, {
            name: 'h',
          }),
        ],
      }),
      run('virtual', { inputs: [http(`https://{repo}.s3.company.example/{a}/${csv}`, { name: 'v' })] }),
      run('path', { inputs: [http(`https://s3.company.example/{repo}/{a}/${csv}`, { name: 'p' })] }),
      run('stranger', { inputs: [http(`https://{repo}.s3.example.com/{a}/${csv}`, { name: 's' })] }),
    ],
    { host: links(exact('a', csv)), virtual: links(exact('a', csv)), path: links(exact('a', csv)) },
  ),
  example(
    'a path of Spark',
    'recorded client-writes spark-path-meta',
    [one, run('r', { inputs: [spark('s3a://{repo}/{a}/gold/')] })],
    { r: links(exact('a', 'gold/')) },
  ),
  example(
    'files of a HuggingFace dataset: a map',
    'facts/mlflow 2.3: data_files',
    [
      commit('a', { 'data/train.parquet': '1', 'data/test.parquet': '2' }),
      run('r', {
        inputs: [
          huggingFace({
            train: 's3://{repo}/{a}/data/train.parquet',
            test: ['s3://{repo}/{a}/data/test.parquet'],
          }),
        ],
      }),
    ],
    { r: links(exact('a', 'data/train.parquet'), exact('a', 'data/test.parquet')) },
  ),
  example(
    'files of a HuggingFace dataset: a list, a text, and none',
    'facts/mlflow 2.3: data_files',
    [
      commit('a', { 'data/train.parquet': '1', 'data/test.parquet': '2' }),
      run('list', {
        inputs: [
          huggingFace(['s3://{repo}/{a}/data/train.parquet', 's3://{repo}/{a}/data/test.parquet'], {
            name: 'list',
          }),
        ],
      }),
      run('text', { inputs: [huggingFace('s3://{repo}/{a}/data/test.parquet', { name: 'text' })] }),
      run('hub', { inputs: [imdb()] }),
    ],
    {
      list: links(exact('a', 'data/train.parquet'), exact('a', 'data/test.parquet')),
      text: links(exact('a', 'data/test.parquet')),
      hub: nothing,
    },
  ),
  example(
    'tables by name, queries, other clouds',
    'facts/mlflow 2.3: no path, or a scheme that does not lead to lakeFS',
    [
      one,
      run('table', { inputs: [deltaTable()] }),
      run('query', { inputs: [sparkSql()] }),
      run('gcs', { inputs: [gcs(`gs://{repo}/{a}/${csv}`)] }),
    ],
    nowhere,
  ),
  example(
    'a presigned address holds no commit',
    'facts/lakefs 6: presigned and physical addresses have no commit information',
    [
      one,
      run('r', { inputs: [http('https://bucket.s3.amazonaws.com/data/gk3v/cq1?X-Amz-Signature=0f')] }),
      run('physical', { inputs: [pandas('s3://storage-bucket/{repo}/data/gk3v/cq1')] }),
    ],
    nowhere,
  ),
  example(
    'slashes too many',
    'missing or extra slashes',
    [one, run('r', { inputs: [pandas(`s3:///{repo}/{a}/${csv}`)] })],
    { r: links(exact('a', csv)) },
  ),
  example(
    "lakeFS's S3 gateway on the endpoint's own host, presigned or not",
    'path style, without a setting',
    [
      one,
      run('plain', { inputs: [http(`{endpoint}/{repo}/{a}/${csv}`, { name: 'plain' })] }),
      run('presigned', {
        inputs: [
          http(`{endpoint}/{repo}/{a}/${csv}?X-Amz-Expires=60&X-Amz-Signature=0f`, { name: 'signed' }),
        ],
      }),
      run('param', { params: { data: `{endpoint}/{repo}/{a}/${csv}` } }),
      run('api', { params: { data: '{endpoint}/api/v1/config' } }),
      run('other', { params: { data: `https://example.com/{repo}/{a}/${csv}` } }),
    ],
    {
      plain: links(exact('a', csv)),
      presigned: links(exact('a', csv)),
      param: links(declared('a', csv, { where: 'param' })),
    },
  ),
  example(
    'lakefs://repository@commit/path',
    'lakefs://R@<c>/path; a user before an @ is none',
    [
      one,
      run('r', { inputs: [pandas(`lakefs://{repo}@{a}/${csv}`)] }),
      run('user', { params: { data: `lakefs://KEY@{repo}/{a}/${csv}` } }),
    ],
    { r: links(exact('a', csv)) },
  ),
  example(
    "sources of one's own types",
    'any JSON whose values hold an address; several under one key; three keys',
    [
      commit('a', { [csv]: '1', 'gold/test.csv': '2' }),
      run('uri', {
        inputs: [
          ownType({ lakefs_uri: `lakefs://{repo}/{a}/${csv}`, server: '{endpoint}' }, { name: 'uri' }),
        ],
      }),
      run('several', {
        inputs: [
          ownType(
            { files: [`s3://{repo}/{a}/${csv}`, 's3://{repo}/{a}/gold/test.csv'] },
            { name: 'several' },
          ),
        ],
      }),
      run('parts', {
        inputs: [ownType({ repository: '{repo}', ref: '{a}', path: csv }, { name: 'parts' })],
      }),
      run('output', {
        inputs: [ownType({ output_uri: `lakefs://{repo}/{a}/${csv}` }, { name: 'output' })],
      }),
      run('note', { inputs: [ownType({ note: `copied from s3://{repo}/{a}/${csv}` }, { name: 'note' })] }),
    ],
    {
      uri: links(exact('a', csv)),
      several: links(exact('a', csv), exact('a', 'gold/test.csv')),
      parts: links(exact('a', csv)),
    },
  ),
];
