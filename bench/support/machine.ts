import { availableParallelism, cpus, totalmem } from 'node:os';

/** What the figures were measured on, in general terms. */
export function machine(): Readonly<Record<string, unknown>> {
  return {
    measuredAt: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}
