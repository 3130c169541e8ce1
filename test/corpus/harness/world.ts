import type { LakefsClient } from '../../../src/lakefs/types.js';
import type { LakefsAddress } from '../../support/service/settings.js';
import type { Case } from './vocabulary.js';

/** One lakeFS server that cases are played on. */
export interface Stage {
  readonly client: LakefsClient;
  readonly address: LakefsAddress;
  /** Sets the server's clock; a real one has none to set. */
  setClock(ms: number): void;
}

/** The second is another installation's lakeFS; its repository `second` is named like the first one's. */
export interface Stages {
  readonly default: Stage;
  readonly second: Stage;
}

/** What exists by now of one case. */
export interface World {
  readonly entry: Case;
  readonly stages: Stages;
  /** By alias: the repository's name. */
  readonly repositories: Map<string, string>;
  readonly commits: Map<string, { readonly repo: string; readonly id: string; readonly branch: string }>;
  readonly runs: Map<string, PlayedRun>;
  readonly experiments: Map<string, string>;
  /** Names of the experiments begin so. */
  readonly experimentPrefix: string;
  /** Unix ms. */
  clock: number;
}

export interface PlayedRun {
  readonly id: string;
  /** The tags that its user wrote last. */
  readonly userTags: Map<string, string>;
  terminal: boolean;
  deleted: boolean;
  endTime: number;
}

/** Fills in the places of a text: `{repo}`, `{a}`, `{a.12}`, `{run.r}`, `{endpoint}`, `{host}`. */
export function fillIn(text: string, world: World): string {
  return text.replace(/\{([a-z]\w*)(?:\.(\w+))?\}/g, (_place, name: string, detail?: string) =>
    placeValue(name, detail, world),
  );
}

function placeValue(name: string, detail: string | undefined, world: World): string {
  const { endpoint } = stageOf(world, detail).address;
  if (name === 'repo') return repositoryNamed(world, detail);
  if (name === 'run') return runNamed(world, detail ?? '').id;
  if (name === 'endpoint') return endpoint;
  if (name === 'host') return new URL(endpoint).host;
  const { id } = commitNamed(world, name);
  if (detail === undefined) return id;
  return detail === 'upper' ? id.toUpperCase() : id.slice(0, Number(detail));
}

export function stageOf({ stages }: World, alias: string | undefined): Stage {
  return alias === 'second' ? stages.second : stages.default;
}

export function repositoryNamed(world: World, alias = 'repo'): string {
  const name = world.repositories.get(alias);
  if (name === undefined) throw new Error(`"${world.entry.name}" has no repository ${alias}`);
  return name;
}

export function commitNamed(world: World, name: string) {
  const commit = world.commits.get(name);
  if (commit === undefined) throw new Error(`"${world.entry.name}" has no commit ${name}`);
  return commit;
}

export function runNamed(world: World, name: string): PlayedRun {
  const run = world.runs.get(name);
  if (run === undefined) throw new Error(`"${world.entry.name}" has no run ${name}`);
  return run;
}
