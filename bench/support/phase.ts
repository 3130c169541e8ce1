import type { Program } from './programs.js';
import type { MlflowServer } from './servers.js';

/** One timed stretch of work, and who was busy in it. */
export interface Phase {
  readonly units: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Processor time per unit in ms, by process. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Requests to MLflow per unit, by what was asked for. */
  readonly requests: Readonly<Record<string, number>>;
}

export interface Watched {
  readonly mlflow: MlflowServer;
  readonly programs: Readonly<Record<string, Pick<Program, 'cpuMs'>>>;
}

/** Times `work`, which answers with the seconds that it took where it knows them better than we do. */
export async function timePhase(
  { mlflow, programs }: Watched,
  units: number,
  work: () => Promise<number | undefined>,
): Promise<Phase> {
  const all = { MLflow: mlflow.program, ...programs };
  const before = Object.fromEntries(Object.entries(all).map(([name, { cpuMs }]) => [name, cpuMs()]));
  const asked = mlflow.requests();
  const startedAt = performance.now();
  const known = await work();
  const seconds = known ?? (performance.now() - startedAt) / 1_000;
  const requests = [...mlflow.requests()].map(([name, count]) => [
    name,
    (count - (asked.get(name) ?? 0)) / units,
  ]);
  return {
    units,
    seconds,
    perSecond: units / seconds,
    cpuMs: Object.fromEntries(
      Object.entries(all).map(([name, { cpuMs }]) => [name, (cpuMs() - (before[name] ?? 0)) / units]),
    ),
    requests: Object.fromEntries(requests.filter(([, perUnit]) => Number(perUnit) > 0)),
  };
}

/** This process, as a program whose processor time can be read. */
export const thisProcess: Pick<Program, 'cpuMs'> = {
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};
