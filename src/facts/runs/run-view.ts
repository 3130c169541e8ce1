import { isTerminal, type RunView } from '../../contract/run.js';
import { originalTimes } from '../../domain/references/imported-run.js';
import type { Run } from '../../mlflow/types.js';
import { isDigestOfSource } from '../links/source-digest.js';

/**
 * MLflow's run as the decisions see it. MLflow leaves empty lists out, and stores 0 where no start was sent.
 * A run that was imported has the times at which it really ran.
 */
export function viewOf(run: Run): RunView {
  const { info, data, inputs, outputs } = run;
  const tags = new Map((data?.tags ?? []).map(({ key, value }) => [key, value]));
  const times = originalTimes(tags) ?? { start: info.start_time, end: info.end_time };
  const loggedModels = [...new Set((outputs?.model_outputs ?? []).map(({ model_id }) => model_id))];
  return {
    id: info.run_id,
    experimentId: info.experiment_id,
    active: info.lifecycle_stage === 'active',
    terminal: isTerminal(info.status),
    startTime: times.start || undefined,
    endTime: times.end || undefined,
    tags,
    params: new Map((data?.params ?? []).map(({ key, value }) => [key, value])),
    logsEpochs: (data?.metrics ?? []).some(({ key }) => key === 'epoch'),
    // MLflow 3 names its logged models in the outputs, MLflow 2 in a tag.
    loggedModel: loggedModels.length > 0 || tags.has('mlflow.log-model.history'),
    loggedModels,
    inputs: (inputs?.dataset_inputs ?? []).map(({ dataset, tags }) => ({
      name: dataset.name,
      digest: dataset.digest,
      sourceType: dataset.source_type,
      source: dataset.source,
      schema: dataset.schema,
      profile: dataset.profile,
      ...(isDigestOfSource(dataset) && { digestOfSource: true as const }),
      context: tags?.find(({ key }) => key === 'mlflow.data.context')?.value,
    })),
  };
}
