import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Started, start } from '../../test/support/servers/process.js';
import { groupCpuMs, groupMemoryMb } from './usage.js';

/** A program that a benchmark started. */
export interface Program {
  /** Processor time of it and its children so far, in ms. */
  cpuMs(): number;
  /** Resident memory of it and its children, in MB. */
  memoryMb(): number;
  output(): string;
  hasEnded(): boolean;
  signal(name: NodeJS.Signals): void;
  /** Calls with each whole line that it prints from now on. */
  onLine(take: (line: string) => void): void;
  stop(): Promise<void>;
}

/** Starts programs and ends them all, also where the benchmark itself is killed. */
export interface Programs {
  start(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Program;
  /** Ends what runs. Further programs may be started. */
  stopAll(): Promise<void>;
  /** Ends all, and the watch over them. */
  close(): Promise<void>;
}

export function createPrograms(folder: string): Programs {
  const script = fileURLToPath(new URL('../../test/support/servers/guard.mjs', import.meta.url));
  const guard = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.stdin.write(`${folder}\n`);
  const all: Started[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(all.splice(0).map((started) => started.stop()));
  };
  return {
    start: (command, args, env = {}) => {
      const started = start(command, args, env);
      all.push(started);
      if (started.child.pid !== undefined) guard.stdin.write(`${started.child.pid}\n`);
      return programOf(started);
    },
    stopAll,
    close: async () => {
      await stopAll();
      guard.kill('SIGKILL');
    },
  };
}

function programOf(started: Started): Program {
  const group = started.child.pid ?? 0;
  return {
    cpuMs: () => groupCpuMs(group),
    memoryMb: () => groupMemoryMb(group),
    output: started.output,
    signal: (name) => void started.child.kill(name),
    hasEnded: () => started.child.exitCode !== null || started.child.signalCode !== null,
    onLine: (take) => {
      for (const stream of [started.child.stdout, started.child.stderr]) {
        let rest = '';
        stream?.on('data', (chunk: Buffer) => {
          const lines = (rest + chunk.toString()).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) take(line);
        });
      }
    },
    stop: () => started.stop(),
  };
}
