import type { Command } from 'commander';
import type { Io } from './output.js';

export type MakeCommand = (io: Io) => Command;

export interface Entry {
  /** For the list of commands. */
  readonly summary: string;
  /** Loads the command's file, so that `--help` and the other commands need not. */
  readonly load: () => Promise<MakeCommand>;
}

/** Every command. To add one: a line here, and a file that exports `xxxCommand(io): Command`. */
export const commands: Readonly<Record<string, Entry>> = {
  serve: {
    summary: 'run the service',
    load: async () => (await import('./serve.js')).serveCommand,
  },
  install: {
    summary: 'put the action file on branches of a repository',
    load: async () => (await import('./install.js')).installCommand,
  },
  uninstall: {
    summary: 'take the action file out of branches of a repository',
    load: async () => (await import('./uninstall.js')).uninstallCommand,
  },
  datasets: {
    summary: 'list the datasets of a repository as they would be registered, and why',
    load: async () => (await import('./datasets.js')).datasetsCommand,
  },
  demo: {
    summary: 'run a complete example on this machine',
    load: async () => (await import('./demo.js')).demoCommand,
  },
  run: {
    summary: 'run a command whose MLflow runs declare the data that they read',
    load: async () => (await import('./run.js')).runCommand,
  },
  lineage: {
    summary: 'show which data a run or model read and how that is known, or who read some data',
    load: async () => (await import('./lineage.js')).lineageCommand,
  },
  check: {
    summary: 'check the data of a run or model against requirements',
    load: async () => (await import('./check.js')).checkCommand,
  },
  compare: {
    summary: 'compare the data that two runs read',
    load: async () => (await import('./compare.js')).compareCommand,
  },
  coverage: {
    summary: 'count how many runs have known data',
    load: async () => (await import('./coverage.js')).coverageCommand,
  },
  verify: {
    summary: 'show tags that are not what they should be',
    load: async () => (await import('./verify.js')).verifyCommand,
  },
  impact: {
    summary: 'show which runs and models a commit, branch or path reached',
    load: async () => (await import('./impact.js')).impactCommand,
  },
  reconcile: {
    summary: 'check now for commits whose event was lost',
    load: async () => (await import('./reconcile.js')).reconcileCommand,
  },
  backfill: {
    summary: 'register the older commits of a repository',
    load: async () => (await import('./backfill.js')).backfillCommand,
  },
  replay: {
    summary: 'list failed jobs, or retry them',
    load: async () => (await import('./replay.js')).replayCommand,
  },
  'hash-password': {
    summary: 'make the hash of a password for LAKEFS_MLFLOW_USERS',
    load: async () => (await import('./hash-password.js')).hashPasswordCommand,
  },
};
