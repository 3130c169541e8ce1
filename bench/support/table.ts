import Table from 'cli-table3';
import { figure } from './statistics.js';
import type { BenchResult, Row } from './types.js';

/** A table for people, and what the limit is made of. */
export function toTable({ rows, limits }: BenchResult): string {
  const table = new Table({
    head: ['', 'ours', 'the other side', 'ratio', 'target', ''],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const { what, ours, other = '', measured, rounds = [] } = row;
    const spread =
      rounds.length > 1 ? ` (${figure(Math.min(...rounds))} to ${figure(Math.max(...rounds))})` : '';
    table.push([what, ours, other, other === '' ? '' : `${figure(measured)}${spread}`, ...targetOf(row)]);
  }
  return `${table.toString()}\n${limits.map((line) => `  ${line}\n`).join('')}`;
}

function targetOf({ measured, atLeast, atMost }: Row): [string, string] {
  if (atLeast !== undefined) return [`at least ${atLeast}`, measured >= atLeast ? 'met' : 'MISSED'];
  if (atMost !== undefined) return [`at most ${atMost}`, measured <= atMost ? 'met' : 'MISSED'];
  return ['', ''];
}
