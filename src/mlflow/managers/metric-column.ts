import { ArgumentError } from '../check.js';

/** A metric as a column of MLflow's filters. Backticks let its name hold blanks and dots; nothing escapes them. */
export function metricColumn(name: string): string {
  if (name.includes('`'))
    throw new ArgumentError(`a metric whose name holds a backtick cannot be searched: ${name}`);
  return `metrics.\`${name}\``;
}
