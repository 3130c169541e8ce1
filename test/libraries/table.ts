import { readFileSync } from 'node:fs';

/** A row of the table in docs/references.md. */
export interface Row {
  readonly library: string;
  readonly plain: string;
  readonly line: string;
}

/** The rows of the table "What libraries log": the library's name, what we make of its run, and of one with the line. */
export function tableOfLibraries(): readonly Row[] {
  const page = readFileSync(new URL('../../docs/references.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('\n## What libraries log\n');
  const [own = ''] = section.split('\n## ');
  return own
    .split('\n')
    .filter((line) => line.startsWith('| ['))
    .map((line) => {
      const cells = line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim());
      const [name = '', , plain = '', , line_ = ''] = cells;
      return { library: /\[([^\]]+)\]/.exec(name)?.[1] ?? name, plain: word(plain), line: word(line_) };
    });
}

/** "`exact`" or "nothing". */
function word(cell: string): string {
  return cell.replaceAll('`', '');
}
