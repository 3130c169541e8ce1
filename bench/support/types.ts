import type { Cores } from './cores.js';
import type { Programs } from './programs.js';

/** What a benchmark is given. */
export interface BenchContext {
  /** Fewer and shorter rounds: a look, not a measurement. */
  readonly quick: boolean;
  /** The cores of which MLflow has some to itself; undefined where all programs share all. */
  readonly cores: Cores | undefined;
  /** The Python of the virtual environment that MLflow is installed in. */
  readonly python: string;
  readonly programs: Programs;
  /** An empty folder for this benchmark, removed afterwards. */
  readonly folder: string;
  /** Says what is being done. */
  note(text: string): void;
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly other?: string;
  /** Ours against the other side, or the figure itself where there is no other; what the target is about. */
  readonly measured: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The measured figure of every round. */
  readonly rounds?: readonly number[];
}

export interface BenchResult {
  readonly rows: readonly Row[];
  /** What the limit is made of: which process is busy, what one unit costs. */
  readonly limits: readonly string[];
  /** Figures for machines, beyond those of the rows. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Bench {
  readonly title: string;
  run(context: BenchContext): Promise<BenchResult>;
}

/** How long things took, each in ms. */
export interface Waits {
  readonly ours: readonly number[];
  /** The sum of the bare calls that a script would make. */
  readonly bare: readonly number[];
}
