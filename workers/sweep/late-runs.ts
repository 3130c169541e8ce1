import {
  creditAfter,
  type SeenRun,
  type SeenWindow,
  seenRun,
  windowsOf,
} from '../../src/domain/sync/late-runs.js';
import { sweepOverlapMs } from '../../src/domain/sync/sweep.js';
import { without } from '../../src/facts/runs/known-runs.js';
import { ApiError } from '../../src/mlflow/api-error.js';

/**
 * Finds runs that show up with times of long ago: of clients whose clocks are slow, of imports, of offline work that is
 * synchronised later. MLflow cannot say what is new, so each round asks, for one part of time after the other, for the
 * runs that we have not seen. Where nothing is new the answers are empty, and a request serves 500 runs: a round over
 * 10,000 runs costs a server less than a second. At most a hundredth of its time is spent so.
 */
export interface LateRuns {
  /** A run that needs nothing now. */
  seen(run: {
    readonly id: string;
    readonly startTime: number | undefined;
    readonly terminal: boolean;
  }): void;
  /** Every run has been checked since the last such call: from now on one that was not seen is new. */
  allSeen(): void;
  /**
   * Goes on with the round as long as there is time. `scan` searches with a filter and judges what it finds; throws
   * what it throws, and begins there again. `say` gets a line where the server refuses such a search.
   */
  step(scan: (filter: string) => Promise<void>, say: (text: string) => Promise<void>): Promise<void>;
}

/** To leave a run out costs MLflow 0.04 ms; it takes some 5,000 ids. */
const runsPerSearch = 500;

/** Of how many runs started in the same millisecond a search leaves out all. */
const maxLeftOut = 4_000;

/** Rounds begin no more often than this, in ms. */
const roundEveryMs = 30_000;

/** Some 20 MB. On servers with more runs only the full resync finds late ones. */
const maxRuns = 100_000;

export function createLateRuns(now: () => number): LateRuns {
  let known = new Map<string, SeenRun>();
  let complete = false;
  let refused = false;
  let allSeenAt = 0;
  let round: readonly SeenWindow[] = [];
  let nextRoundAt = 0;
  let credit = 0;
  let creditAt = now();

  return {
    seen: (run) => {
      const earlier = known.get(run.id);
      if (earlier !== undefined || known.size <= maxRuns) known.set(run.id, seenRun(run, earlier, now()));
    },
    allSeen: () => {
      // What is not there any more was not seen again.
      known = new Map([...known].filter(([, { lastSeenAt }]) => lastSeenAt >= allSeenAt));
      allSeenAt = now();
      nextRoundAt = allSeenAt + roundEveryMs;
      complete = true;
    },
    step: async (scan, say) => {
      const at = now();
      credit = creditAfter(credit, at - creditAt);
      creditAt = at;
      if (!complete || refused || known.size > maxRuns) return;
      while (credit > 0) {
        if (round.length === 0) {
          if (now() < nextRoundAt) return;
          // Later starts are in reach of the sweeps themselves.
          round = windowsOf(known.values(), now() - sweepOverlapMs, runsPerSearch);
          nextRoundAt = now() + roundEveryMs;
        }
        const [window, ...rest] = round;
        const begunAt = now();
        try {
          if (window !== undefined) await scan(filterFor(window, known, begunAt));
        } catch (error) {
          if (!(error instanceof ApiError && error.status === 400)) throw error;
          refused = true;
          await say(
            `MLflow cannot be searched for late runs; the next full resync will find them: ${error.message}`,
          );
          return;
        } finally {
          credit -= now() - begunAt;
        }
        round = rest;
      }
    },
  };
}

function filterFor({ from, to, runs }: SeenWindow, known: ReadonlyMap<string, SeenRun>, at: number): string {
  const ids = runs.filter(({ id }) => (known.get(id)?.dueAt ?? 0) > at).map(({ id }) => id);
  const since = from === undefined ? '' : `attributes.start_time >= ${from} AND `;
  return `${since}attributes.start_time < ${to}${without(ids.slice(0, maxLeftOut))}`;
}
