import { ownType, pandas } from '../harness/inputs.js';
import { type Case, commit, example, inferred, links, resolved, run } from '../harness/vocabulary.js';

const clock = { clock: true };
const uuid = '5d0f2a2e-7a53-4d0c-9f35-0c9b7e0f1a11';
const orders = 'lake/orders';
const metadata = (number: number): string => `${orders}/metadata/0000${number}-${uuid}.metadata.json`;
const snapshot = (id: string): string => `${orders}/metadata/snap-${id}-0-${uuid}.avro`;
const oldId = '3051729675574597004';
const newId = '8924571099214534210';
const iceberg = [
  commit('a', { [metadata(0)]: '0', [snapshot(oldId)]: 'old', [`${orders}/data/0.parquet`]: '0' }),
  commit('b', { [metadata(1)]: '1', [snapshot(newId)]: 'new', [`${orders}/data/1.parquet`]: '1' }),
];

export const icebergVersions: readonly Case[] = [
  example(
    'a metadata file of an Iceberg table',
    'Iceberg never changes one, and whoever reads it reads the table as it was then',
    [
      ...iceberg,
      run('r', { params: { metadata_location: `s3://{repo}/main/${metadata(0)}` } }),
      run('s', { inputs: [pandas(`s3://{repo}/main/${metadata(1)}`)] }),
    ],
    {
      r: {
        ...links(resolved('a', orders, { flags: [`iceberg metadata 00000-${uuid}.metadata.json`] })),
        status: 'superseded',
        because: 'main@b',
      },
      s: links(resolved('b', orders)),
    },
    clock,
  ),
  example(
    'a snapshot of an Iceberg table',
    'Iceberg writes snap-<id>-… once; ids are random',
    [
      ...iceberg,
      run('param', { params: { table: `s3://{repo}/main/${orders}`, snapshot_id: oldId } }),
      run('source', {
        inputs: [ownType(`{"path": "s3://{repo}/main/${orders}", "snapshot_id": ${newId}}`)],
      }),
      run('unknown', { params: { table: `s3://{repo}/main/${orders}`, snapshot_id: '1234567890123' } }),
    ],
    {
      param: {
        ...links(resolved('a', orders, { flags: [`iceberg snapshot ${oldId}`] })),
        status: 'superseded',
        because: 'main@b',
      },
      source: links(resolved('b', orders, { flags: [`iceberg snapshot ${newId}`] })),
      unknown: links(inferred('b', orders)),
    },
    clock,
  ),
];
