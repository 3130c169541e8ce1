import { tagsOf } from '../../contract/links-tag.js';
import { catalogKind } from '../../contract/tags.js';
import type { MlflowClients } from '../../mlflow/clients.js';
import { allExperiments } from '../../mlflow/pages.js';
import type { Experiment } from '../../mlflow/types.js';
import { createCache } from '../common/cache.js';

/** An experiment of one MLflow server, as far as it is read here. */
export interface ExperimentEntry {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** One of ours, which holds catalog runs: its runs are never consumers. */
  readonly catalog: boolean;
  /** Tagged `lakefs.ignore = true`: its runs are left alone. */
  readonly ignored: boolean;
  readonly tags: ReadonlyMap<string, string>;
}

/** The experiments of one MLflow server, remembered for half a minute. MLflow tells of no new ones. */
export interface Experiments {
  /** Active and deleted ones. */
  all(): Promise<readonly ExperimentEntry[]>;
  /** The same, asked for now: a request per 1,000. */
  fresh(): Promise<readonly ExperimentEntry[]>;
  /** Looks again where the id is not known: an experiment may be new. */
  get(id: string): Promise<ExperimentEntry | undefined>;
}

const keepMs = 30_000;

export function createExperiments(mlflow: MlflowClients, now: () => number): Experiments {
  let known: { readonly at: number; readonly entries: readonly ExperimentEntry[] } | undefined;
  const reading = createCache<readonly ExperimentEntry[]>({ size: 1, ttlMs: () => 0, now });
  const single = createCache<ExperimentEntry | undefined>({ size: 1_000, ttlMs: () => keepMs, now });

  /** Callers who ask at once share one reading. */
  const fresh = (): Promise<readonly ExperimentEntry[]> =>
    reading.get('all', async () => {
      const at = now();
      const entries = await readAll(mlflow);
      known = { at, entries };
      return entries;
    });
  const all = async (): Promise<readonly ExperimentEntry[]> =>
    known !== undefined && now() - known.at < keepMs ? known.entries : fresh();

  return {
    all,
    fresh,
    get: async (id) => {
      const found = (await all()).find((entry) => entry.id === id);
      return found ?? single.get(id, async () => entryOf(await mlflow.experiments.getExperiment(id)));
    },
  };
}

async function readAll(mlflow: MlflowClients): Promise<readonly ExperimentEntry[]> {
  const found: ExperimentEntry[] = [];
  for await (const experiment of allExperiments(mlflow.experiments, '', 'ALL'))
    found.push(entryOf(experiment));
  return found;
}

function entryOf(experiment: Experiment): ExperimentEntry {
  const tags = tagsOf(experiment.tags);
  return {
    id: experiment.experiment_id,
    name: experiment.name,
    active: experiment.lifecycle_stage === 'active',
    catalog: tags.kind === catalogKind.catalog,
    ignored: tags.ignored,
    tags,
  };
}
