/** The tags of lakeFS's published guide. A user's own value is never changed. */
export const guideTag = { repo: 'lakefs_repo', branch: 'lakefs_branch', commit: 'lakefs_commit' } as const;

export const guideTags = [guideTag.repo, guideTag.branch, guideTag.commit] as const;

export type GuideTag = (typeof guideTags)[number];

/** The commit in an earlier text of the guide; the guide has `lakefs_commit` since 2025. */
export const oldCommitTag = 'lakefs_head_commit_id';

/** A free key for one address of data; several get `_2`, `_3` and so on. */
export const dataUriTag = 'lakefs_data_uri';

/** Keys that people use beside those of the guide, as the setting has them: `<role>:<key>`. */
export const wildKeys = [
  'tag:lakefs_tag',
  'repo:lakefs_repository',
  'commit:lakefs_commit_id',
  'repo:lakefs.repo',
  'repo:lakefs.repository',
  'commit:lakefs.commit',
  'commit:lakefs.commit_id',
  'branch:lakefs.branch',
  'tag:lakefs.tag',
  'ref:lakefs_ref',
  'ref:lakefs.ref',
  'commit:data_commit',
  'commit:data_commit_id',
  'commit:dataset_commit',
  'commit:dataset_commit_id',
  'repo:lakefs_*_repo',
  'repo:lakefs_*_repository',
  'commit:lakefs_*_commit',
  'commit:lakefs_*_commit_id',
  'branch:lakefs_*_branch',
  'tag:lakefs_*_tag',
  'ref:lakefs_*_ref',
  'repo:lakefs.*.repo',
  'repo:lakefs.*.repository',
  'commit:lakefs.*.commit',
  'commit:lakefs.*.commit_id',
  'branch:lakefs.*.branch',
  'tag:lakefs.*.tag',
  'ref:lakefs.*.ref',
] as const;

/** The repository's key in the same style as the given one: with a dot or with an underscore. */
export function repositoryKeyLike(key: string): string {
  return key.startsWith('lakefs.') ? 'lakefs.repo' : guideTag.repo;
}

/** Our own tags (docs/tags.md). Those that name a commit, a path or a number in their key are built below. */
export const ourTag = {
  // On a consumer's run, a model version and a logged model.
  links: 'lakefs.links',
  evidence: 'lakefs.evidence',
  inputsTotal: 'lakefs.inputs_total',
  /** On a catalog run too: whether the data is still good, and the commit that made it so. */
  status: 'lakefs.status',
  because: 'lakefs.because',
  /** A user's: `true` leaves a run or all runs of an experiment alone. */
  ignore: 'lakefs.ignore',
  // On a catalog run.
  /** On the experiment too; see `catalogKind`. */
  kind: 'lakefs.kind',
  madeBy: 'lakefs.made_by',
  operation: 'lakefs.operation',
  parents: 'lakefs.parents',
  metaRange: 'lakefs.meta_range',
  committer: 'lakefs.committer',
  consumers: 'lakefs.consumers',
  /** Ids of the experiments in which the runs are that `lakefs.consumers` counts. */
  consumersIn: 'lakefs.consumers_in',
  /** `yes` once a run has read the commit. */
  consumed: 'lakefs.consumed',
  /** The best status of what runs read at the commit: by it the commits are found that a new one may concern. */
  consumedStatus: 'lakefs.consumed_status',
  promotedTo: 'lakefs.promoted_to',
  /** `complete` on a branch head's entry: all of its history is in the catalog or below the horizon. */
  history: 'lakefs.history',
  // On the catalog's experiment.
  contract: 'lakefs.contract',
  /**
   * The creation (Unix seconds) of the repository whose commits are followed. Written by the first scan, after the
   * heads at which it found the branches; those are in `lakefs.horizon.0`, `.1` and so on. What came before them is
   * below the horizon. Older catalogs have this tag alone.
   */
  horizon: 'lakefs.horizon',
  /** If it changes, the repository was deleted and another was created under its name. */
  repositoryCreated: 'lakefs.repository_created',
  sweptUntil: 'lakefs.swept_until',
} as const;

/** Tags of MLflow itself that we read or write. */
export const mlflowTag = {
  note: 'mlflow.note.content',
  /** Names the run that a run is nested in. */
  parent: 'mlflow.parentRunId',
  /** On a dataset input. */
  dataContext: 'mlflow.data.context',
  /** MLflow 2's record of logged models. */
  modelHistory: 'mlflow.log-model.history',
  gitCommit: 'mlflow.source.git.commit',
  gitRepository: 'mlflow.source.git.repoURL',
  gitDirty: 'mlflow.source.git.dirty',
  runName: 'mlflow.runName',
  sourceRun: 'mlflow.source.run_id',
  sourceExperiment: 'mlflow.source.experiment_id',
  noteOnArtifacts: 'mlflow.note.artifacts',
  noteOnModels: 'mlflow.note.models',
  lifecycleStage: 'mlflow.lifecycleStage',
} as const;

/** mlflow-export-import's tags of a copied run. */
export const importPrefix = 'mlflow_exim.';

/** Values of `lakefs.kind`. A `double` is a second run of a commit, which is deleted. */
export const catalogKind = { catalog: 'catalog', commit: 'commit', double: 'double' } as const;

interface CommitOfRepository {
  readonly repository: string;
  readonly commit: string;
}

/** The tag by which the consumers of one commit are found where the guide's tags cannot say it. */
export function inputTag({ repository, commit }: CommitOfRepository): string {
  return `${inputCountTag(repository)}.${commit.slice(0, 12)}`;
}

/** How many commits of a repository a run read. */
export function inputCountTag(repository: string): string {
  return `lakefs.input.${repository}`;
}

/** Names a commit that a run may have read. */
export function maybeTag({ repository, commit }: CommitOfRepository): string {
  return `${maybePrefix(repository)}${commit.slice(0, 12)}`;
}

export function maybePrefix(repository: string): string {
  return `lakefs.maybe.${repository}.`;
}

/** The tag on a run that names a commit which says that the run produced it. */
export function producedTag({ repository, commit }: CommitOfRepository): string {
  return `lakefs.produced.${repository}.${commit.slice(0, 12)}`;
}

const readPrefix = 'lakefs.read.';

/**
 * Names a path that runs read at a catalog run's commit.
 *
 * @param hash 12 hex digits of the path
 */
export function readTag(hash: string): string {
  return readPrefix + hash;
}

export function isReadTag(key: string): boolean {
  return key.startsWith(readPrefix);
}

/** A piece of the list of heads at the horizon. */
export function horizonPieceTag(index: number): string {
  return `${ourTag.horizon}.${index}`;
}

export function isHorizonPiece(key: string): boolean {
  return /^lakefs\.horizon\.\d{1,3}$/.test(key);
}

const commitKeyForm = /^lakefs\.(input|maybe|produced)\.([a-z0-9-]+)\.([0-9a-f]{12})$/;
const inputCountForm = /^lakefs\.input\.[a-z0-9-]+$/;

/** A tag whose key names a commit. */
export interface CommitTagKey {
  readonly kind: 'input' | 'maybe' | 'produced';
  readonly repository: string;
  readonly commit12: string;
}

/** Undefined for any other key. */
export function parseCommitKey(key: string): CommitTagKey | undefined {
  const [, kind, repository = '', commit12 = ''] = commitKeyForm.exec(key) ?? [];
  return kind === 'input' || kind === 'maybe' || kind === 'produced'
    ? { kind, repository, commit12 }
    : undefined;
}

export function isInputCount(key: string): boolean {
  return inputCountForm.test(key);
}

const answerKeys: ReadonlySet<string> = new Set([
  ourTag.links,
  ourTag.evidence,
  ourTag.status,
  ourTag.because,
  ourTag.inputsTotal,
  ourTag.ignore,
]);

/** True for the keys of our own list (docs/tags.md) on a run, whoever wrote them: they are an answer, never evidence. */
export function isOurKey(key: string): boolean {
  return answerKeys.has(key) || /^lakefs\.(?:input|maybe|produced)\./.test(key);
}

const writtenKeys: ReadonlySet<string> = new Set([...guideTags, ...Object.values(ourTag), mlflowTag.note]);

/** True for a key in the style of the guide, also of its older forms. */
export function isGuideLike(key: string): boolean {
  return key.startsWith('lakefs_');
}

/** The closed list: the keys that we may write or remove, on a run, an experiment or a model. */
export function isContractKey(key: string): boolean {
  return (
    writtenKeys.has(key) ||
    parseCommitKey(key) !== undefined ||
    isInputCount(key) ||
    isReadTag(key) ||
    isHorizonPiece(key)
  );
}

/** A condition of MLflow's run search on one tag. */
export function whereTag(key: string, value: string, operator: '=' | '!=' | 'LIKE' = '='): string {
  const quoted = /^\w+$/.test(key) ? key : `\`${key}\``;
  return `tags.${quoted} ${operator} '${value}'`;
}
