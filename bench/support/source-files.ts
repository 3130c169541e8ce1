import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** From the root of the project. */
  readonly name: string;
  readonly lines: number;
  /** Without comments. */
  readonly code: string;
}

/** All files of the product itself. */
export function sourceFiles(): readonly SourceFile[] {
  return ['src', 'hooks', 'workers'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => {
        const text = readFileSync(join(root, folder, name), 'utf8');
        return { name: join(folder, name), lines: text.split('\n').length - 1, code: withoutComments(text) };
      }),
  );
}

/** Comments that begin a line: those behind code are too few to matter, and `//` also stands in addresses. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*\/\*[\s\S]*?\*\/[ \t]*\n/gm, '').replace(/^[ \t]*\/\/.*\n/gm, '');
}

const blockLines = 6;

/** Blocks of six lines of code or more that stand somewhere else too; imports and lone punctuation do not count. */
export function repeatedBlocks(files: readonly SourceFile[]): number {
  const seen = new Set<string>();
  let repeated = 0;
  for (const { code } of files) {
    const lines = code
      .replace(/^import [\s\S]*?;$/gm, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /\w/.test(line));
    let insideOne = false;
    for (let start = 0; start + blockLines <= lines.length; start += 1) {
      const block = lines.slice(start, start + blockLines).join('\n');
      const isRepeated = seen.has(block);
      if (isRepeated && !insideOne) repeated += 1;
      insideOne = isRepeated;
      seen.add(block);
    }
  }
  return repeated;
}
