import { fileURLToPath } from 'node:url';
import { freePort, type Started, start, waitFor } from '../servers/process.js';

/** The program as it is built: `global-setup.ts` sees to it that it is made from the sources that are here. */
export const program = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));

export interface RunningProcess {
  readonly url: string;
  readonly process: Started;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Starts `lakefs-mlflow serve` as a process of its own, and waits until it is ready. */
export async function startServe(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<RunningProcess> {
  const port = await freePort();
  const started = start(process.execPath, [program, 'serve', ...args], {
    LAKEFS_MLFLOW_PORT: String(port),
    // No load balancer looks at it.
    LAKEFS_MLFLOW_SHUTDOWN_DRAIN: '0s',
    ...env,
  });
  const ended = new Promise<number | string>((resolve) => {
    started.child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(
    'the service',
    async () => {
      if (started.child.exitCode !== null) throw new Error(started.output());
      return (await fetch(`${url}/health/ready`)).ok;
    },
    60_000,
  );
  return { url, process: started, ended };
}
