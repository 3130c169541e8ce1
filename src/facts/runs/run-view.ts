import { createHash } from 'node:crypto';
import { tagsOf } from '../../contract/links-tag.js';
import { isTerminal, type RunView } from '../../contract/run.js';
import { mlflowTag } from '../../contract/tags.js';
import { originalTimes } from '../../domain/references/imported-run.js';
import type { Dataset, Run } from '../../mlflow/types.js';

/**
 * MLflow's run as the decisions see it. MLflow leaves empty lists out, and stores 0 where no start was sent.
 * A run that was imported has the times at which it really ran.
 */
export function viewOf(run: Run): RunView {
  const { info, data, inputs, outputs } = run;
  const tags = tagsOf(data?.tags);
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
    loggedModel: loggedModels.length > 0 || tags.has(mlflowTag.modelHistory),
    loggedModels,
    inputs: (inputs?.dataset_inputs ?? []).map(({ dataset, tags }) => ({
      name: dataset.name,
      digest: dataset.digest,
      sourceType: dataset.source_type,
      source: dataset.source,
      schema: dataset.schema,
      profile: dataset.profile,
      ...(isDigestOfSource(dataset) && { digestOfSource: true as const }),
      context: tags?.find(({ key }) => key === mlflowTag.dataContext)?.value,
    })),
  };
}

/**
 * True where a dataset's digest is the one that MLflow makes of its source. It does so for a dataset without a frame
 * (`MetaDataset`): then runs with equal name and digest gave the same source, and it does not matter which was first.
 * Other digests are made of the rows that were logged, and say nothing about their source.
 *
 * The first 8 hex digits of SHA-256 over `json.dumps` of name, source, source type and schema
 * (`mlflow/data/meta_dataset.py`, the same in 3.9 and 3.17). A digest made in another way is not recognised.
 */
export function isDigestOfSource({ name, digest, source, source_type, schema, profile }: Dataset): boolean {
  if (!/^[0-9a-f]{8}$/.test(digest) || profile) return false;
  const columns = schema === undefined || schema === '' ? '""' : columnsIn(schema);
  if (columns === undefined) return false;
  const [named, from, type] = [name, source, source_type].map(pythonString);
  const text = `{"name": ${named}, "source": ${from}, "source_type": ${type}, "schema": ${columns}}`;
  return createHash('sha256').update(text).digest('hex').startsWith(digest);
}

/** The columns as Python wrote them: read and written again, a number may come out in another way. */
function columnsIn(schema: string): string | undefined {
  const [head, tail] = ['{"mlflow_colspec": ', '}'];
  return schema.startsWith(head) && schema.endsWith(tail)
    ? schema.slice(head.length, -tail.length)
    : undefined;
}

/** As `json.dumps` writes a text: nothing but printable ASCII. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
