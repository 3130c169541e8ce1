import { styleText } from 'node:util';
import type { Block } from '../queries/shared/blocks.js';
import { type Io, printable, wrap } from './output.js';

/** Labels of fields take this many columns, with the blanks before and after. */
const labelWidth = 12;

/** Writes blocks to stdout: wrapped to the terminal, coloured where it is one and NO_COLOR is not set. */
export function printBlocks(io: Pick<Io, 'stdout' | 'env'>, blocks: readonly Block[]): void {
  const paint = painter(io);
  const { columns } = io.stdout;
  for (const block of blocks) io.stdout.write(`${lines(block, columns, paint)}\n`);
}

type Style = 'bold' | 'dim' | 'green' | 'yellow';
type Paint = (style: Style, text: string) => string;

function painter({ stdout, env }: Pick<Io, 'stdout' | 'env'>): Paint {
  const coloured = stdout.isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  // Whether this is a terminal is decided here, for the stream that is written to.
  return coloured
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text;
}

function lines(block: Block, columns: number | undefined, paint: Paint): string {
  switch (block.kind) {
    case 'gap':
      return '';
    case 'title':
      return wrap(printable(block.text), columns, '')
        .split('\n')
        .map((line) => paint('bold', line))
        .join('\n');
    case 'text':
      return wrap(printable(block.text), columns, '');
    case 'code':
      return block.lines.map((line) => `    ${printable(line)}`).join('\n');
    case 'field':
      return fieldLines(block, columns, paint);
  }
}

/** The label goes into the indent of the first line, so colour never counts as width. */
function fieldLines(block: Block & { kind: 'field' }, columns: number | undefined, paint: Paint): string {
  const { label, text, mark } = block;
  const whole = wrap(printable(`${mark?.text ?? ''}${text}`), columns, ' '.repeat(labelWidth)).slice(
    labelWidth,
  );
  const start = mark === undefined ? '' : paint(mark.tone === 'good' ? 'green' : 'yellow', mark.text);
  const padding = ' '.repeat(Math.max(labelWidth - 2 - label.length, 1));
  return `  ${paint('dim', label)}${padding}${start}${whole.slice(mark?.text.length ?? 0)}`;
}
