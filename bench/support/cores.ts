import { execFileSync } from 'node:child_process';

/** Cores in the words of taskset: `0,2-3`. */
export interface Cores {
  readonly mlflow: string;
  readonly others: string;
}

/**
 * Splits the cores that this process may use in two halves, and moves this process and all that it starts to the
 * second. MLflow is started on the first. So a client takes no processor time from the server that it measures, as
 * where the two run on machines of their own. Throws where that cannot be had.
 */
export function keepApart(): Cores {
  const own = String(process.pid);
  try {
    const allowed = list(taskset(['-cp', own]).split(':').at(-1) ?? '');
    if (allowed.length < 2) throw new Error('there is only one core');
    const half = Math.floor(allowed.length / 2);
    const cores = { mlflow: allowed.slice(0, half).join(), others: allowed.slice(half).join() };
    taskset(['-acp', cores.others, own]);
    return cores;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`--apart needs Linux, taskset (Debian: util-linux) and two cores: ${reason}`, {
      cause: error,
    });
  }
}

function taskset(args: readonly string[]): string {
  return execFileSync('taskset', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** `0,2-4` → 0, 2, 3, 4 */
function list(text: string): readonly number[] {
  return text
    .trim()
    .split(',')
    .flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, n) => first + n);
    });
}
