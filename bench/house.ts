import { filesOnTheWay } from './support/files-on-the-way.js';
import { repeatedBlocks, type SourceFile, sourceFiles } from './support/source-files.js';
import { percentile } from './support/statistics.js';
import type { Bench, Row } from './support/types.js';

/** How easy the source is to see and to change: its size, what is spelled or done in how many places. */
export const house: Bench = {
  title:
    "The source: its size, what stands in how many places, and the files that one commit's way runs through",
  run: async (context) => {
    const files = sourceFiles();
    const way = await filesOnTheWay(context);
    return {
      rows: [row("files run on one commit's way (Redis)", way.length, 65), ...places(files), ...sizes(files)],
      limits: [
        "a commit's way: hook, register, sweep, link, register; a file counts where a function of it ran",
      ],
      details: { way },
    };
  },
};

function places(files: readonly SourceFile[]): readonly Row[] {
  const having = (pattern: RegExp): number => files.filter(({ code }) => pattern.test(code)).length;
  return [
    row('files that parse the links tag', having(/\breadLinksTag\(/), 1),
    row('files that spell lakefs.status', having(/lakefs\.status/), 1),
    row('repeated blocks of six lines or more', repeatedBlocks(files)),
  ];
}

function sizes(files: readonly SourceFile[]): readonly Row[] {
  const lines = files.map((file) => file.lines);
  return [
    row('source files', files.length),
    row(
      'lines of source',
      lines.reduce((sum, count) => sum + count, 0),
    ),
    row(
      '… of these code',
      files.reduce((sum, { code }) => sum + code.split('\n').filter((line) => line.trim() !== '').length, 0),
    ),
    row('lines of a file, median', percentile(lines, 50)),
    row('lines of a file, p90', percentile(lines, 90)),
    row('lines of a file, most', Math.max(...lines), 300),
  ];
}

function row(what: string, measured: number, atMost?: number): Row {
  return { what, ours: String(measured), measured, ...(atMost === undefined ? {} : { atMost }) };
}
