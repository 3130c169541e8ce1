/** How a setting is written. In the environment everything is text; CONFIG has lists, numbers and yes/no as such. */
export type OptionType =
  | 'text'
  | 'address'
  | 'list'
  | 'duration'
  | 'number'
  | 'yes-no'
  | 'choice'
  | 'file'
  | 'folder';

/** A setting as data: loading, `--help`, docs/settings.md and the schema of CONFIG are all made from this. */
export interface Option {
  /** Its names in the environment; the first that is set and not empty counts. */
  readonly env: readonly string[];
  readonly type: OptionType;
  /** What `choice` may be. */
  readonly choices?: readonly string[];
  /** Bounds of a number, or of a duration in ms. */
  readonly min?: number;
  readonly max?: number;
  /** As it would be written in the environment. */
  readonly default?: string;
  /** What stands in the reference where the default depends on other things. */
  readonly defaultText?: string;
  readonly description: string;
  /** Never shown, neither here nor anywhere else. */
  readonly secret?: true;
  readonly example?: string;
  /** Its place in an installation of CONFIG, such as `mlflow.timeout`; only what belongs to an installation has one. */
  readonly key?: string;
}

export const prefix = 'LAKEFS_MLFLOW_';
