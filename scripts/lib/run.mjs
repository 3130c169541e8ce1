import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

/** A program ended badly. The message says which, and what it printed last. */
export class ProgramFailed extends Error {
  /** @override */
  name = 'ProgramFailed';
}

/**
 * Runs a program without input and gives what it printed on stdout. A signal that comes meanwhile ends the
 * program, then us.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<string>}
 * @throws {ProgramFailed} when it cannot be started or its exit code is not 0
 */
export function run(command, args, options = {}) {
  const child = spawn(command, [...args], {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const signals = passSignals(child);
  let out = '';
  let all = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
    all += chunk;
  });
  child.stderr.on('data', (chunk) => {
    all += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new ProgramFailed(`${command} cannot be started: ${error.message}`)),
    );
    child.once('close', (code, signal) => {
      const came = signals.release();
      if (came !== undefined) process.exit(exitCodeOf(null, came));
      if (code === 0) return resolve(out);
      const ending = `${[command, ...args].join(' ')} ended with ${signal ?? `exit code ${code}`}`;
      reject(new ProgramFailed(`${ending}:\n${shorten(all)}`));
    });
  });
}

/**
 * Runs a program in the foreground, with our own input and output, and passes signals on to it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export function runInForeground(command, args, options = {}) {
  const child = spawn(command, [...args], { cwd: root, env: options.env ?? process.env, stdio: 'inherit' });
  const signals = passSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new ProgramFailed(`${command} cannot be started: ${error.message}`)),
    );
    child.once('close', (code, signal) => {
      signals.release();
      resolve(exitCodeOf(code, signal));
    });
  });
}

/**
 * Keeps us alive until the child has ended. A terminal sends SIGINT to the child too, so that one is only
 * passed on where there is no terminal: two of them mean "at once" to many programs.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignals(child) {
  /** @type {NodeJS.Signals | undefined} */
  let came;
  /** @param {NodeJS.Signals} signal */
  function pass(signal) {
    came = signal;
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  }
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return {
    /** @returns {NodeJS.Signals | undefined} the signal that came */
    release() {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      return came;
    },
  };
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCodeOf(code, signal) {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/**
 * What a program says first and last: npm names the reason before its usage, pip and tsc at the end.
 *
 * @param {string} text
 */
function shorten(text) {
  const lines = text.trimEnd().split('\n');
  return lines.length <= 60 ? lines.join('\n') : [...lines.slice(0, 20), '…', ...lines.slice(-40)].join('\n');
}
