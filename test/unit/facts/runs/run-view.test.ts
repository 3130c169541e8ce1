import { expect, test } from 'vitest';
import { isDigestOfSource } from '../../../../src/facts/runs/run-view.js';
import type { Dataset } from '../../../../src/mlflow/types.js';

import recordings from '../../../data/mlflow/client-writes.json' with { type: 'json' };

interface Body {
  readonly datasets?: readonly { readonly dataset: Dataset }[];
}

const recorded = recordings.flatMap(({ requests }) =>
  requests.flatMap(({ body }) => ((body as Body | null)?.datasets ?? []).map(({ dataset }) => dataset)),
);

test('of all recorded datasets exactly those without a frame have a digest that is made of their source', () => {
  expect(recorded.length).toBeGreaterThan(30);
  for (const dataset of recorded) {
    expect({ dataset, is: isDigestOfSource(dataset) }).toEqual({
      dataset,
      is: dataset.profile === undefined,
    });
  }
});

test('the digest is that of the name, the source, its type and the columns together', () => {
  const [one] = recorded.filter(isDigestOfSource);
  for (const other of [
    { name: 'x' },
    { source: '{}' },
    { source_type: 'gs' },
    { schema: '{"mlflow_colspec": []}' },
  ]) {
    expect(isDigestOfSource({ ...one!, ...other })).toBe(false);
  }
});

test('columns and names beyond ASCII are counted as Python writes them', () => {
  // Made by mlflow 3.17.2: MetaDataset(resolve_dataset_source('s3://lake/main/été.csv'), name='Größe 😀', schema=…)
  expect(
    isDigestOfSource({
      name: 'Größe 😀',
      digest: '93fd75ca',
      source: String.raw`{"uri": "s3://lake/main/\u00e9t\u00e9.csv"}`,
      source_type: 's3',
      schema: String.raw`{"mlflow_colspec": [{"type": "string", "name": "Text", "required": true}, {"type": "double", "name": "Zahl \u00fc", "required": true}]}`,
    }),
  ).toBe(true);
});
