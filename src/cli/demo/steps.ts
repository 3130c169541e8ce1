import { type Io, printable } from '../output.js';

/** How often the elapsed seconds are redrawn, in ms. */
const redrawMs = 1_000;

export interface Steps {
  /**
   * Runs one step with a progress line, `[2/12] lakeFS ... the sandbox, 1.2 s`, and returns what `act` returns.
   * `act` calls `say` with the end of the line.
   */
  run<T>(label: string, act: (say: (result: string) => void) => Promise<T>): Promise<T>;
}

export interface StepsOptions {
  /** Aborted when a person stops the demo: the step is then not called failed. */
  readonly signal: AbortSignal;
  /** In ms, from any starting point. */
  readonly now: () => number;
}

/**
 * On a terminal the line counts the seconds. Elsewhere it is printed in two halves, so that a log shows which step is
 * running.
 */
export function createSteps({ stdout }: Pick<Io, 'stdout'>, total: number, options: StepsOptions): Steps {
  const { now, signal } = options;
  let number = 0;
  return {
    async run(label, act) {
      number += 1;
      const head = `[${String(number).padStart(String(total).length)}/${total}] ${label} ...`;
      const started = now();
      const draw = (tail: string) => stdout.write(`\r\u001b[2K${clip(`${head} ${tail}`, stdout.columns)}`);
      if (stdout.isTTY) draw('');
      else stdout.write(`${head} `);
      const timer = stdout.isTTY ? setInterval(() => draw(seconds(now() - started)), redrawMs) : undefined;
      let result = 'done';
      try {
        return await act((text) => {
          result = printable(text);
        });
      } catch (error) {
        result = signal.aborted ? 'stopped' : 'failed';
        throw error;
      } finally {
        clearInterval(timer);
        const tail = `${result}, ${seconds(now() - started)}\n`;
        stdout.write(stdout.isTTY ? `\r\u001b[2K${head} ${tail}` : tail);
      }
    },
  };
}

/** A wrapped line could not be redrawn: the terminal would replace its last row only. */
function clip(text: string, columns: number | undefined): string {
  return columns === undefined ? text : text.slice(0, columns - 1);
}

function seconds(ms: number): string {
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
