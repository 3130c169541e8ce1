import { costRow } from './support/cost-row.js';
import type { Phase } from './support/phase.js';
import { describeBusy, describeCost } from './support/phase-text.js';
import { describeMode, rawModes } from './support/raw.js';
import { figure, median } from './support/statistics.js';
import { startTaggingSetup } from './support/tagging-setup.js';
import type { Bench, BenchContext, BenchResult } from './support/types.js';

/** Runs tagged per second by the whole pipeline, against bare log-batch calls with the same tags. */
export const tagging: Bench = {
  title: 'Runs tagged through sweep, queue and job, against bare log-batch at its best',
  run: async (context) => {
    const one = await measure(context, 1);
    const many = await measure(context, undefined);
    return {
      rows: [...one.rows, ...many.rows],
      limits: [...one.limits, ...many.limits],
      details: { oneWorker: one.details, defaultWorkers: many.details },
    };
  },
};

async function measure(context: BenchContext, workers: number | undefined): Promise<BenchResult> {
  const server = workers === undefined ? 'default workers (4)' : 'one worker';
  context.note(`MLflow with ${server}: preparing`);
  const setup = await startTaggingSetup(context, workers);
  const count = context.quick ? 100 : 300;
  const perMode = context.quick ? 30 : 100;
  // As many as the bare client has for all its modes: Node is slow with what it has not done often.
  await setup.ours(await setup.train('watched', perMode * rawModes.length));
  const mode = await setup.bestMode(perMode);
  context.note(`bare log-batch is fastest with ${describeMode(mode)}`);
  const ours: Phase[] = [];
  const bare: Phase[] = [];
  const rounds = context.quick ? 3 : 7;
  for (let round = 0; round < rounds; round += 1) {
    const mine = await setup.train('watched', count);
    const theirs = await setup.train('unwatched', count);
    if (round % 2 === 1) bare.push(await setup.logBatch(theirs, mode));
    ours.push(await setup.ours(mine));
    if (round % 2 === 0) bare.push(await setup.logBatch(theirs, mode));
    context.note(
      `round ${round + 1} of ${rounds}: ${figure(ours.at(-1)?.perSecond ?? 0)}/s against ${figure(bare.at(-1)?.perSecond ?? 0)}/s`,
    );
  }
  await setup.close();
  const ratios = ours.map((phase, round) => phase.perSecond / (bare[round]?.perSecond ?? Number.NaN));
  return {
    rows: [
      {
        what: `runs tagged per second, MLflow with ${server}`,
        ours: `${figure(median(ours.map(({ perSecond }) => perSecond)))}/s`,
        other: `${figure(median(bare.map(({ perSecond }) => perSecond)))}/s`,
        measured: median(ratios),
        atLeast: 0.8,
        rounds: ratios,
      },
      costRow(`runs per processor second of MLflow, ${server}`, ours, bare),
    ],
    limits: [
      `${server}, ours, per run: ${describeCost(ours)}`,
      `${server}, bare (${describeMode(mode)}), per run: ${describeCost(bare)}`,
      `${server}, busy (100 % is one core): ours: ${describeBusy(ours)}; bare: ${describeBusy(bare)}`,
    ],
    details: { mode, ours, bare },
  };
}
