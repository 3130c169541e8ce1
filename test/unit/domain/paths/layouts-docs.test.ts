import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../../src/config/config-file.js';
import { type Layout, noData, shelves, usualLayouts } from '../../../../src/domain/paths/layouts.js';

const file = new URL('../../../../docs/datasets.md', import.meta.url);

function words(list: readonly string[] = [], between = ', '): string {
  return list.map((one) => `\`${one}\``).join(between);
}

function row({ name, markers, folders, beside, description = '' }: Layout): string {
  const pairs = beside === undefined ? '' : `one of ${words(beside.one)} and one of ${words(beside.other)}`;
  return `| ${name} | ${words(markers)} | ${words(folders)} | ${pairs} | ${description} |`;
}

const ofMedia = [
  '| Class folders | | | two or more that hold pictures, sounds or films | The folder above them, unless it is called `data`. |',
  '| Pictures or sounds with a list | | | `metadata.csv`, `.jsonl`, `.parquet` or `.tsv` beside them | The folder of the list. |',
];

/** Tables in Markdown may be padded. */
function plain(text: string): string {
  return text
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/\n /g, ' ');
}

test('docs/datasets.md has the table of layouts, and all that is no data', () => {
  const table = [...usualLayouts.map(row), ...ofMedia].join('\n');
  const parts = [table, words(shelves), words(noData.folders), words(noData.files)];
  const docs = plain(readFileSync(file, 'utf8').replaceAll('\n', ' '));
  for (const part of parts) {
    for (const line of part.split('\n')) expect(docs).toContain(plain(line));
  }
});

test('the layouts that docs/datasets.md shows are a CONFIG that works', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(parseConfig(yaml, {}).problems).toEqual([]);
  expect(parse(yaml).layouts).toHaveLength(3);
});
