import type { Tags } from './links-tag.js';

export { isReadingKind, type Link } from './link.js';

/** What the decisions need to know of an MLflow run, in shapes of our own: `domain` imports no client. */
export interface RunView {
  readonly id: string;
  readonly experimentId: string;
  readonly active: boolean;
  readonly terminal: boolean;
  /** Unix ms; undefined where MLflow has none (it stores 0). */
  readonly startTime: number | undefined;
  /** Unix ms; undefined while the run has not ended. */
  readonly endTime: number | undefined;
  readonly tags: Tags;
  readonly params: ReadonlyMap<string, string>;
  readonly inputs: readonly InputView[];
  /** True where it has a metric `epoch`. */
  readonly logsEpochs: boolean;
  /** False where it certainly has no model: only then is it not asked for model versions. */
  readonly loggedModel: boolean;
  /** Ids of MLflow 3's logged models that the run made. */
  readonly loggedModels: readonly string[];
}

export interface InputView {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  /** Set where the digest is made of the source: whoever logged a dataset with it gave this source. */
  readonly digestOfSource?: true;
  readonly schema: string | undefined;
  readonly profile: string | undefined;
  /** The input tag `mlflow.data.context`. */
  readonly context: string | undefined;
}

/** Statuses of MLflow after which a run writes no more; a resumed run goes back to RUNNING. */
export function isTerminal(status: string): boolean {
  return status === 'FINISHED' || status === 'FAILED' || status === 'KILLED';
}
