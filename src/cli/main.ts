#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { Io, Terminal } from './output.js';
import { run } from './program.js';

// `lakefs-mlflow … | head` closes our stdout: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const io: Io = {
  env: process.env,
  stdout: terminal(process.stdout),
  stderr: terminal(process.stderr),
  loadSettings: async (need) => {
    const { loadSettings } = await import('../config/load.js');
    const readFile = (path: string) => readFileSync(path, 'utf8');
    return loadSettings(process.env, readFile, need === undefined ? {} : { need });
  },
  interruption,
};

process.exitCode = await run(process.argv.slice(2), io);

function terminal(stream: NodeJS.WriteStream): Terminal {
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    write: (text) => void stream.write(text),
  };
}

function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Error(`stopped by ${signal}`)));
  }
  return controller.signal;
}
