import { styleText } from 'node:util';
import type { Need } from '../config/installation.js';
import type { Settings } from '../config/types.js';
import { cut, shown } from '../domain/common/text.js';
import type { Block } from '../queries/shared/blocks.js';

export interface Terminal {
  readonly isTTY: boolean;
  /** Characters per line; undefined where it is no terminal. */
  readonly columns: number | undefined;
  write(text: string): void;
}

/** What a command may use of its surroundings; handed over, so that tests can stand in for it. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /**
   * Settings of the environment; `need` names the servers that the command works with (default both). Throws
   * `SettingsError`, which ends the command with exit code 2.
   */
  readonly loadSettings: (need?: readonly Need[]) => Promise<Settings>;
  /**
   * Aborted at the first Ctrl-C or SIGTERM after this call, so that the command can tidy up; the second one
   * ends the process.
   */
  readonly interruption: () => AbortSignal;
}

/** What the exit codes mean; `compare` adds 3 and 4. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Ends a command with an exit code and one line on stderr: what happened, to what, and what to do. An empty
 * message prints nothing (for codes that are an answer, such as "they differ").
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** One JSON document on stdout, and nothing else may be written there. */
export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** A paragraph on stdout, wrapped to the terminal. */
export function print(io: Io, text = '', indent = ''): void {
  io.stdout.write(`${wrap(printable(text), io.stdout.columns, indent)}\n`);
}

/** A paragraph on stderr, wrapped to the terminal. */
export function warn(io: Io, text: string): void {
  io.stderr.write(`${wrap(printable(`warning: ${text}`), io.stderr.columns, '')}\n`);
}

/** One line that is rewritten in place; nothing where stderr is no terminal. */
export function progressLine(io: Io): { show(text: string): void; clear(): void } {
  const { stderr } = io;
  return {
    show(text) {
      if (stderr.isTTY) stderr.write(`\r\u001b[K${cut(printable(text), (stderr.columns ?? 80) - 1)}`);
    },
    clear() {
      if (stderr.isTTY) stderr.write('\r\u001b[K');
    },
  };
}

/** UTF-16 units. */
const maxParagraph = 50_000;

/** Names and messages come from elsewhere: nothing of theirs moves the cursor or turns the text. Line breaks stay. */
export function printable(text: string): string {
  return cut(text, maxParagraph).split('\n').map(shown).join('\n');
}

/**
 * Breaks at blanks; what is longer than a line stays whole, so that addresses can be copied. A line that is
 * itself indented keeps its indent.
 */
export function wrap(text: string, columns: number | undefined, indent: string): string {
  const width = columns ?? Number.POSITIVE_INFINITY;
  return text
    .split('\n')
    .map((line) =>
      wrapLine(line.trimStart(), width, indent + line.slice(0, line.length - line.trimStart().length)),
    )
    .join('\n');
}

function wrapLine(line: string, width: number, indent: string): string {
  if (line === '') return '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && indent.length + current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].map((part) => indent + part).join('\n');
}

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
