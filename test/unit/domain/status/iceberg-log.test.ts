import { describe, expect, test } from 'vitest';
import {
  icebergRewrite,
  metadataNumber,
  readIcebergMetadata,
} from '../../../../src/domain/status/iceberg-log.js';
import { recordedText } from '../../../support/lakefs/table-logs.js';

const steps = {
  start: ['two writes', '/00002'],
  properties: ['properties', '/00003'],
  replace: ['replace', '/00004'],
  expire: ['expire', '/00005'],
  column: ['add column', '/00006'],
  delete: ['delete', '/00007'],
} as const;

function at(step: keyof typeof steps) {
  const [name, word] = steps[step];
  const read = readIcebergMetadata(recordedText('iceberg', name, word));
  if (read === undefined) throw new Error(`${step} is not understood`);
  return read;
}

describe('what pyiceberg 0.12.0 writes', () => {
  test.each([
    ['start', 'properties', ['properties']],
    ['properties', 'replace', ['replace']],
    ['start', 'expire', ['replace', 'expired snapshots']],
    ['expire', 'column', undefined],
    ['column', 'delete', undefined],
    ['replace', 'start', undefined],
  ] as const)('from %s to %s: %s', (before, after, words) => {
    expect(icebergRewrite(at(before), at(after))).toEqual(words);
  });
});

test('a snapshot whose parent has expired leads nowhere', () => {
  const after = at('replace');
  const current = after.current ?? 0;
  const lost = new Map([[current, { parent: undefined, operation: 'replace' }]]);
  expect(icebergRewrite(at('start'), { ...after, snapshots: lost })).toBeUndefined();
  const circle = new Map([[current, { parent: current, operation: 'replace' }]]);
  expect(icebergRewrite(at('start'), { ...after, snapshots: circle })).toBeUndefined();
});

test.each([
  ['00003-b57a8dec.metadata.json', 3],
  ['v12.metadata.json', 12],
  ['00003-x.gz.metadata.json', 3],
  ['metadata.json', undefined],
  ['snap-1.avro', undefined],
])('%s has the number %s', (name, number) => {
  expect(metadataNumber(name)).toBe(number);
});

test.each(['', 'null', '{}', '{"schemas":[]}', '[]'])('what is not understood says nothing: %s', (text) =>
  expect(readIcebergMetadata(text)).toBeUndefined(),
);
