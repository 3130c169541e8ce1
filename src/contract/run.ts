import type { Flag } from './flags.js';
import type { Tags } from './links-tag.js';
import type { EvidenceKind } from './words.js';

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

/** One link as `lakefs.links` keeps it, for machines. Keys are part of the contract (docs/tags.md). */
export interface Link {
  readonly installation: string;
  readonly repository: string;
  /** 64 lower-case hex digits. */
  readonly commit: string;
  /** The ref as the run names it. */
  readonly ref: string;
  /** As the run names it; empty for a link that names a commit only. */
  readonly path: string;
  /** Where the run says so. */
  readonly where: 'input' | 'tag' | 'param' | 'parent';
  /** The dataset's name, or the key of the tag or param. */
  readonly name: string;
  readonly context?: string;
  readonly kind: EvidenceKind;
  readonly certain: boolean;
  readonly flags: readonly Flag[];
}

/** True for what a branch or tag came to: unlike a commit's id, it may lead elsewhere by now. */
export function isReadingKind(kind: EvidenceKind): kind is 'resolved' | 'inferred' | 'ambiguous' {
  return kind === 'resolved' || kind === 'inferred' || kind === 'ambiguous';
}

/** Statuses of MLflow after which a run writes no more; a resumed run goes back to RUNNING. */
export function isTerminal(status: string): boolean {
  return status === 'FINISHED' || status === 'FAILED' || status === 'KILLED';
}
