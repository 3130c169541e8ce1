import { costRow } from './support/cost-row.js';
import type { Phase } from './support/phase.js';
import { describeBusy, describeCost } from './support/phase-text.js';
import { describeMode } from './support/raw.js';
import { type RegisteringSetup, startRegisteringSetup } from './support/registering-setup.js';
import { figure, median } from './support/statistics.js';
import type { Bench, BenchContext, BenchResult } from './support/types.js';

/** Commits registered per second by the whole pipeline, against the bare calls that a script would make. */
export const commits: Bench = {
  title: 'Commits registered, against bare search + create + log-inputs + update at its best',
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
  const setup = await startRegisteringSetup(context, workers);
  const mode = await setup.bestMode(context.quick ? 15 : 40);
  context.note(`the bare calls are fastest with ${describeMode(mode)}`);
  const { ours, bare } = await measureRounds(context, setup, mode);
  await setup.close();
  const ratios = ours.map((phase, round) => phase.perSecond / (bare[round]?.perSecond ?? Number.NaN));
  return {
    rows: [
      {
        what: `commits registered per second, MLflow with ${server}`,
        ours: `${figure(median(ours.map(({ perSecond }) => perSecond)))}/s`,
        other: `${figure(median(bare.map(({ perSecond }) => perSecond)))}/s`,
        measured: median(ratios),
        atLeast: 0.8,
        rounds: ratios,
      },
      costRow(`commits per processor second of MLflow, ${server}`, ours, bare),
    ],
    limits: [
      `${server}, ours, per commit: ${describeCost(ours)}`,
      `${server}, bare (${describeMode(mode)}), per commit: ${describeCost(bare)}`,
      `${server}, busy (100 % is one core): ours: ${describeBusy(ours)}; bare: ${describeBusy(bare)}`,
    ],
    details: { mode, ours, bare },
  };
}

async function measureRounds(
  context: BenchContext,
  setup: RegisteringSetup,
  mode: Parameters<RegisteringSetup['bare']>[1],
): Promise<{ readonly ours: readonly Phase[]; readonly bare: readonly Phase[] }> {
  const ours: Phase[] = [];
  const bare: Phase[] = [];
  const rounds = context.quick ? 3 : 7;
  const count = context.quick ? 40 : 100;
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 1) bare.push(await setup.bare(count, mode));
    ours.push(await setup.ours(count));
    if (round % 2 === 0) bare.push(await setup.bare(count, mode));
    context.note(
      `round ${round + 1} of ${rounds}: ${figure(ours.at(-1)?.perSecond ?? 0)}/s against ${figure(bare.at(-1)?.perSecond ?? 0)}/s`,
    );
  }
  return { ours, bare };
}
