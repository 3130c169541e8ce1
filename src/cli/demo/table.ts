import Table from 'cli-table3';
import type { Outcome, SeenCommit, SeenRun } from './outcome.js';

/** With borders they come to 80 characters, the width of the narrowest usual terminal. */
const widths = [14, 23, 17, 21];

/** A row per commit: what was registered for it and which runs read it, with the evidence. */
export function outcomeTable({ commits, runs }: Pick<Outcome, 'commits' | 'runs'>): string {
  const table = new Table({
    head: ['commit', 'message', 'candidates', 'runs that read it'],
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const commit of commits) {
    table.push([
      `${commit.id.slice(0, 12)}\n${commit.branch}`,
      commit.message,
      candidatesOf(commit),
      runs
        .filter((run) => run.commit === commit.id)
        .map(runLine)
        .join('\n') || '-',
    ]);
  }
  return table.toString();
}

function candidatesOf({ registered, candidates, paths }: SeenCommit): string {
  if (!registered) return 'NOT REGISTERED';
  if (candidates.length > 0) return candidates.map((name) => `${name}/`).join('\n');
  return paths.length === 0 ? 'none: no data' : 'NONE';
}

function runLine({ name, evidence }: SeenRun): string {
  return `${name}\n  ${evidence ?? 'NOT LINKED'}`;
}
