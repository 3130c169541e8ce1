import { nextSweepAt } from '../src/domain/sweep.js';
import { runPages } from '../src/facts/run-pages.js';
import type { ServerFacts } from '../src/facts/server.js';
import type { Run } from '../src/mlflow/types.js';
import { createLap } from './lap.js';

/** What sweeps of one server remember from one to the next. A cache: losing it costs a longer sweep. */
export interface SweepMemory {
  /** How long the next sweep has to wait, in ms; 0 where it may begin. */
  pauseMs(): number;
  /** Unix ms up to which everything is known to be linked; 0 where nothing is known. */
  watermark(): Promise<number>;
  /** The next page of the slow lap over all runs, oldest first; empty between two laps. */
  nextLapPage(experiments: readonly string[]): Promise<readonly Run[]>;
  finished(startedAt: number, watermark: number): Promise<void>;
}

const watermarkTag = 'lakefs.swept_until';

/** The watermark is written when it has moved this far, in ms: it saves one write a sweep, and costs nothing. */
const writeEveryMs = 60_000;

export function createSweepMemory(facts: ServerFacts, lapIntervalMs: number, now: () => number): SweepMemory {
  const { mlflow } = facts.access;
  let notBefore = 0;
  let swept = false;
  let known: number | undefined;
  let written = 0;
  let watched: readonly string[] = [];
  const lap = createLap(() => runPages(mlflow, watched, ''), lapIntervalMs, now);

  /** Kept on the oldest catalog experiment: a place that every process of ours finds. */
  async function home(): Promise<{ id: string; value: number } | undefined> {
    const catalogs = (await facts.experiments.all()).filter(({ catalog, active }) => catalog && active);
    const oldest = catalogs.sort((a, b) => Number(a.id) - Number(b.id))[0];
    if (oldest === undefined) return undefined;
    const value = Number(oldest.tags.get(watermarkTag) ?? 0);
    return { id: oldest.id, value: Number.isSafeInteger(value) && value <= now() ? value : 0 };
  }

  return {
    pauseMs: () => Math.max(0, notBefore - now()),
    watermark: async () => {
      if (known === undefined) {
        known = (await home())?.value ?? 0;
        written = known;
      }
      return known;
    },
    nextLapPage: (experiments) => {
      watched = experiments;
      return lap.next();
    },
    finished: async (startedAt, watermark) => {
      // The first sweep learns what later ones remember: how long it took says nothing about them.
      if (swept) notBefore = nextSweepAt(startedAt, now());
      swept = true;
      known = watermark;
      if (watermark - written < writeEveryMs) return;
      const place = await home();
      if (place === undefined) return;
      await mlflow.experiments.setExperimentTag(place.id, watermarkTag, String(watermark));
      written = watermark;
    },
  };
}
