import type { BranchResult } from '../install/change-branch.js';
import { isBad } from './action-command.js';
import { type Io, print, warn } from './output.js';

const words: Readonly<Record<BranchResult['outcome'], string>> = {
  installed: 'installed',
  updated: 'updated',
  removed: 'removed',
  current: 'already there and current',
  absent: 'was not there',
  refused: 'refused',
  failed: 'failed',
};

/** A line per branch, reasons below. The reason of a single branch is left to the error line. */
export function printResults(io: Io, results: readonly BranchResult[]): void {
  const width = Math.max(...results.map(({ branch }) => branch.length), 0);
  for (const result of results) {
    const { branch, outcome, commit, reason, warning } = result;
    if (isBad(result) && results.length === 1) continue;
    const at = commit === undefined ? '' : ` by commit ${commit.slice(0, 12)}`;
    io.stdout.write(`  ${branch.padEnd(width)}  ${words[outcome]}${at}\n`);
    if (reason !== undefined) print(io, reason, '      ');
    if (warning !== undefined) warn(io, warning);
  }
}
