import type { Phase } from './phase.js';
import { figure, median } from './statistics.js';
import type { Row } from './types.js';

/**
 * Units per processor second of MLflow, which is the narrowest place of both sides. Other programs on the machine
 * move it far less than what is done per second.
 */
export function costRow(what: string, ours: readonly Phase[], other: readonly Phase[]): Row {
  const cost = (phase: Phase | undefined): number => phase?.cpuMs.MLflow ?? Number.NaN;
  const ratios = ours.map((phase, round) => cost(other[round]) / cost(phase));
  return {
    what,
    ours: `${figure(median(ours.map(cost)))} ms each`,
    other: `${figure(median(other.map(cost)))} ms each`,
    measured: median(ratios),
    rounds: ratios,
  };
}
