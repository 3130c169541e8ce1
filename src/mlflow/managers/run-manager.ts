import { mlflowTag } from '../../contract/tags.js';
import { connectionOf, type MlflowConnection } from '../connection.js';
import { ModelVersionClient } from '../model-version-client.js';
import type { MlflowOptions } from '../options.js';
import { allModelVersions, allRuns } from '../pages.js';
import { RunClient } from '../run-client.js';
import type { KeyValue, Run } from '../types.js';

export interface CleanedRuns {
  readonly deletedRuns: readonly Run[];
  readonly total: number;
  readonly dryRun: boolean;
}

export interface CopiedRun {
  readonly originalRunId: string;
  readonly newRunId: string;
  readonly targetExperimentId: string;
}

/** Whole workflows on runs, as in mlflow-js. Errors are those of the calls in them. */
export class RunManager {
  readonly #runs: RunClient;
  readonly #versions: ModelVersionClient;

  constructor(tracking: string | MlflowConnection, options?: MlflowOptions) {
    const connection = connectionOf(tracking, options);
    this.#runs = new RunClient(connection);
    this.#versions = new ModelVersionClient(connection);
  }

  /**
   * Deletes the runs that have the metric and that `query_string` does not keep. Unless `dryRun` is false it
   * only says which. Everything is read before the first run is deleted, because deleting shifts the pages.
   */
  async cleanupRuns(
    experiment_ids: readonly string[],
    query_string: string,
    metric_key: string,
    dryRun = true,
  ): Promise<CleanedRuns> {
    const keep = new Set<string>();
    for await (const { info } of allRuns(this.#runs, experiment_ids, { filter: query_string })) {
      keep.add(info.run_id);
    }
    const found = new Map<string, Run>();
    for await (const run of allRuns(this.#runs, experiment_ids)) {
      const measured = run.data.metrics?.some(({ key }) => key === metric_key) ?? false;
      if (measured && !keep.has(run.info.run_id)) found.set(run.info.run_id, run);
    }
    if (!dryRun) for (const run_id of found.keys()) await this.#runs.deleteRun(run_id);
    return { deletedRuns: [...found.values()], total: found.size, dryRun };
  }

  /**
   * Copies a run into another experiment: name, times, status, params, the latest metrics, tags and inputs.
   * Artifacts and models stay where they are; tags of the copy name them.
   */
  async copyRun(
    run_id: string,
    target_experiment_id: string,
    run_name: string | null = null,
  ): Promise<CopiedRun> {
    const original = await this.#runs.getRun(run_id);
    const { info, data, inputs } = original;
    const name = run_name ?? info.run_name;
    const copy = await this.#runs.createRun(target_experiment_id, name, info.start_time);
    const newRunId = copy.info.run_id;
    const own = (data.tags ?? []).filter(({ key }) => key !== mlflowTag.runName);
    const tags = [...own, ...(await this.#origin(original))];
    await this.#runs.logBatch(newRunId, data.metrics, data.params, tags);
    const datasets = inputs?.dataset_inputs ?? [];
    if (datasets.length > 0) await this.#runs.logInputs(newRunId, datasets);
    await this.#runs.updateRun(newRunId, info.status, info.end_time);
    return { originalRunId: run_id, newRunId, targetExperimentId: target_experiment_id };
  }

  /** The tags that say where a copy comes from. */
  async #origin({ info }: Run): Promise<KeyValue[]> {
    const { run_id } = info;
    const tags: KeyValue[] = [
      {
        key: mlflowTag.note,
        value:
          `This run was copied from experiment ${info.experiment_id}, original run ID: ${run_id}. ` +
          `Original artifact URI: ${info.artifact_uri}.`,
      },
      { key: mlflowTag.sourceRun, value: run_id },
      { key: mlflowTag.sourceExperiment, value: info.experiment_id },
      { key: mlflowTag.noteOnArtifacts, value: 'Artifacts not copied - reference original run' },
    ];
    if (info.lifecycle_stage !== 'active') {
      tags.push({ key: mlflowTag.lifecycleStage, value: info.lifecycle_stage });
    }
    const models: KeyValue[] = [];
    for await (const found of allModelVersions(this.#versions, `run_id = '${run_id}'`)) {
      const { name, version, current_stage, source } = found;
      const value = JSON.stringify({ name, version, current_stage, source });
      models.push({ key: `original_model_${name}`, value });
    }
    if (models.length === 0) return tags;
    return [
      ...tags,
      ...models,
      { key: mlflowTag.noteOnModels, value: 'Models not copied, see original run.' },
    ];
  }
}
