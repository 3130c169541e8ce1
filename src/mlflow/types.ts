/** MLflow's REST entities, as far as we use them. MLflow leaves empty lists and objects out of its answers. */

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

export interface RunInfo {
  readonly run_id: string;
  readonly run_uuid?: string;
  readonly run_name?: string;
  readonly experiment_id: string;
  readonly user_id?: string;
  readonly status: RunStatus;
  /** Unix ms; 0 where the client sent none. */
  readonly start_time?: number;
  /** Unix ms; also set on a RUNNING run that was resumed. */
  readonly end_time?: number;
  readonly artifact_uri?: string;
  readonly lifecycle_stage: 'active' | 'deleted';
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Unix ms. */
  readonly timestamp: number;
  readonly step?: number;
}

export interface Dataset {
  /** At most 500 characters. */
  readonly name: string;
  /** At most 36 characters. */
  readonly digest: string;
  readonly source_type: string;
  /** A string, by convention JSON; at most 65,535 characters. */
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
}

export interface DatasetInput {
  readonly tags?: readonly KeyValue[];
  readonly dataset: Dataset;
}

export interface Run {
  readonly info: RunInfo;
  readonly data: {
    readonly metrics?: readonly Metric[];
    readonly params?: readonly KeyValue[];
    readonly tags?: readonly KeyValue[];
  };
  readonly inputs?: {
    readonly dataset_inputs?: readonly DatasetInput[];
    readonly model_inputs?: readonly { readonly model_id: string }[];
  };
  readonly outputs?: {
    readonly model_outputs?: readonly { readonly model_id: string; readonly step?: number }[];
  };
}

export interface RunPage {
  readonly runs?: readonly Run[];
  readonly next_page_token?: string;
}

export interface Experiment {
  readonly experiment_id: string;
  readonly name: string;
  readonly artifact_location?: string;
  readonly lifecycle_stage: 'active' | 'deleted';
  /** Unix ms. */
  readonly creation_time?: number;
  /** Unix ms; changes on rename, delete and restore only. */
  readonly last_update_time?: number;
  readonly tags?: readonly KeyValue[];
}

export interface ExperimentPage {
  readonly experiments?: readonly Experiment[];
  readonly next_page_token?: string;
}

export interface ModelVersion {
  readonly name: string;
  readonly version: string;
  /** Unix ms. */
  readonly creation_timestamp?: number;
  readonly last_updated_timestamp?: number;
  readonly current_stage?: string;
  readonly description?: string;
  readonly source?: string;
  readonly run_id?: string;
  readonly run_link?: string;
  readonly status?: string;
  readonly tags?: readonly KeyValue[];
  readonly aliases?: readonly string[];
}

export interface RegisteredModel {
  readonly name: string;
  readonly creation_timestamp?: number;
  readonly last_updated_timestamp?: number;
  readonly description?: string;
  readonly latest_versions?: readonly ModelVersion[];
  readonly tags?: readonly KeyValue[];
  readonly aliases?: readonly { readonly alias: string; readonly version: string }[];
}

export interface RegisteredModelPage {
  readonly registered_models?: readonly RegisteredModel[];
  readonly next_page_token?: string;
}

export interface ModelVersionPage {
  readonly model_versions?: readonly ModelVersion[];
  readonly next_page_token?: string;
}

export interface LoggedModel {
  readonly info: {
    /** `m-` and 32 hex digits. */
    readonly model_id: string;
    readonly experiment_id: string;
    readonly name?: string;
    /** Empty or left out where it was not made by a run. */
    readonly source_run_id?: string;
    readonly tags?: readonly KeyValue[];
  };
}

export interface MetricHistory {
  readonly metrics?: readonly Metric[];
  readonly next_page_token?: string;
}

export interface ArtifactFile {
  readonly path: string;
  readonly is_dir: boolean;
  /** Bytes; absent for a directory. */
  readonly file_size?: number;
}

export interface ArtifactPage {
  readonly root_uri?: string;
  readonly files?: readonly ArtifactFile[];
  readonly next_page_token?: string;
}
