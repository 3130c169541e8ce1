import { createRepository, playLakefsStep } from './lakefs-steps.js';
import { playRunStep, type Send, type TimedStep } from './run-steps.js';
import type { Case, Step } from './vocabulary.js';
import type { Stages, World } from './world.js';

/** Ten minutes: far more than the margin around a run's start. */
const betweenStepsMs = 600_000;
const beginsBeforeMs = 36 * 3_600_000;
/** MLflow's SQLite takes no more at once. */
const casesAtOnce = 4;

export function createWorld(entry: Case, name: string, stages: Stages, experimentPrefix: string): World {
  const aliases = entry.steps.flatMap((step) => ('repo' in step ? [step.repo ?? 'repo'] : []));
  const nameOf = (alias: string): string => (['repo', 'second'].includes(alias) ? name : `${name}-${alias}`);
  return {
    entry,
    stages,
    repositories: new Map(['repo', ...aliases].map((alias) => [alias, nameOf(alias)])),
    commits: new Map(),
    runs: new Map(),
    experiments: new Map(),
    experimentPrefix,
    clock: Math.floor((Date.now() - beginsBeforeMs) / 1_000) * 1_000,
  };
}

/** Makes the repository with which a case begins. */
export async function begin(world: World): Promise<void> {
  setClocks(world);
  await createRepository(world, 'repo');
}

/**
 * Plays a part of each case: lakeFS first, one case after another, since all share its clock; then the runs, whose
 * times are what the steps say.
 */
export async function playParts(
  parts: readonly (readonly [World, readonly Step[]])[],
  send: Send,
): Promise<void> {
  const waiting: (readonly [World, readonly TimedStep[]])[] = [];
  for (const [world, steps] of parts) waiting.push([world, await playLakefs(world, steps)]);
  const next = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const [world, steps] = job;
      for (const step of steps) await playRunStep(step, world, send);
    }
  };
  await Promise.all(Array.from({ length: casesAtOnce }, next));
}

async function playLakefs(world: World, steps: readonly Step[]): Promise<readonly TimedStep[]> {
  const left: TimedStep[] = [];
  for (const step of steps) {
    world.clock += 'after' in step && step.after !== undefined ? step.after * 1_000 : betweenStepsMs;
    setClocks(world);
    try {
      if (!(await playLakefsStep(step, world))) left.push({ step, at: world.clock });
    } catch (error) {
      throw new Error(`"${world.entry.name}" cannot be played at ${JSON.stringify(step)}`, { cause: error });
    }
  }
  return left;
}

function setClocks({ stages, clock }: World): void {
  stages.default.setClock(clock);
  stages.second.setClock(clock);
}
