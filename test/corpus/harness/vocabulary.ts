import type { EvidenceKind, LinkStatus } from '../../../src/contract/words.js';
import type { InputSpec } from './inputs.js';

/**
 * One labelled history. All texts may hold places in braces: `{repo}` and `{repo.other}` are repositories, `{a}` is
 * the id of the commit called `a` (`{a.12}` its beginning, `{a.upper}` in upper case), `{run.r}` a run's id,
 * `{endpoint}` and `{host}` are lakeFS's.
 */
export interface Case {
  readonly name: string;
  /** The rule that makes the labels right: a section of the design, or an observation. */
  readonly rule: string;
  /** True where times decide: only the clock of the sandbox can be set. */
  readonly clock?: boolean;
  readonly steps: readonly Step[];
  /** By name of the run. A run that is not named here must be left without a tag of ours. */
  readonly expect: Labels;
}

export type Labels = Readonly<Record<string, Label>>;

export interface Label {
  readonly links: readonly LinkLabel[];
  /** Null where the run must have none. Where it is not given: `current`, or none where nothing has a status. */
  readonly status?: LinkStatus | null;
  /** `<branch>@<commit>` of the commit that made the status. */
  readonly because?: string;
  /** What the run really read, where that is not what its certain links say. */
  readonly read?: readonly ReadLabel[];
  /** Further tags, where the rules of the contract leave a choice or an example says more. Null: must be absent. */
  readonly tags?: Readonly<Record<string, string | null>>;
  /** The list of links does not fit into its tag: only the other tags are compared. */
  readonly cut?: true;
  /** Keys about which the rules say nothing here. */
  readonly free?: readonly string[];
  /** The status cannot be told: what is there stays, whatever it is. */
  readonly anyStatus?: true;
}

export interface ReadLabel {
  readonly commit: string;
  readonly path: string;
  readonly repo?: string;
}

export interface LinkLabel extends ReadLabel {
  readonly kind: EvidenceKind;
  readonly installation?: string;
  readonly where?: 'input' | 'tag' | 'param' | 'parent';
  /** Flags that must be there. */
  readonly flags?: readonly string[];
}

type Files = Readonly<Record<string, string | null>>;

/** Each step happens ten minutes after the one before, or so many seconds. */
interface Timed {
  readonly after?: number;
  /** The repository; `repo` where not given. */
  readonly repo?: string;
}

interface OnBranch extends Timed {
  readonly on?: string;
}

export interface RunSpec extends Timed {
  readonly inputs?: readonly InputSpec[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  /** The parent run's name. */
  readonly parent?: string;
  readonly status?: 'FINISHED' | 'FAILED' | 'KILLED';
  /** Seconds that the run lasts; 300 where not given. */
  readonly lasts?: number;
  /** The experiment; the case's own where not given. */
  readonly experiment?: string;
  /** MLflow stores 0. */
  readonly noStart?: true;
  readonly metrics?: Readonly<Record<string, number>>;
  /** The tags of Optuna's callback for a trial that ended as the run starts. */
  readonly trial?: {
    /** Seconds. */
    readonly lasted: number;
    /** Hours that local time is ahead of UTC; 0 where not given. */
    readonly zone?: number;
    /** 0 where not given. */
    readonly number?: number;
    readonly unended?: true;
  };
}

export type Step =
  | ({ readonly do: 'repository' | 'deleteRepository' } & Timed)
  | ({ readonly do: 'commit'; readonly name: string; readonly files: Files } & CommitOptions)
  | ({ readonly do: 'stage'; readonly files: Files } & OnBranch)
  | ({ readonly do: 'branch'; readonly name: string; readonly from: string } & Timed)
  | ({ readonly do: 'deleteBranch'; readonly name: string } & Timed)
  | ({ readonly do: 'tag' | 'moveTag'; readonly name: string; readonly to: string } & Timed)
  | ({ readonly do: 'merge'; readonly name: string; readonly from: string } & MergeOptions)
  | ({
      readonly do: 'revert';
      readonly name: string;
      readonly ref: string;
      readonly parent?: number;
    } & OnBranch)
  | ({ readonly do: 'cherryPick'; readonly name: string; readonly ref: string } & OnBranch)
  | ({ readonly do: 'hardReset'; readonly to: string } & OnBranch)
  | ({ readonly do: 'start'; readonly run: string; readonly spec: RunSpec } & Timed)
  | ({ readonly do: 'write'; readonly run: string; readonly spec: Written } & Timed)
  | ({ readonly do: 'end'; readonly run: string; readonly status: string } & Timed)
  | ({ readonly do: 'resume' | 'deleteRun'; readonly run: string } & Timed)
  | ({ readonly do: 'ignoreExperiment' | 'deleteExperiment' } & Timed)
  | { readonly do: 'look'; readonly expect: Labels };

type Written = Pick<RunSpec, 'inputs' | 'tags' | 'params' | 'metrics'>;

interface CommitOptions extends OnBranch {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly empty?: true;
}

interface MergeOptions extends Timed {
  readonly into?: string;
  readonly squash?: true;
}

export const repository = (repo: string): Step => ({ do: 'repository', repo });
export const deleteRepository = (repo?: string): Step => ({
  do: 'deleteRepository',
  ...(repo === undefined ? {} : { repo }),
});
/** Commits these objects (null removes one) and gives the commit a name for the rest of the case. */
export const commit = (name: string, files: Files, options: CommitOptions = {}): Step => ({
  do: 'commit',
  name,
  files,
  ...options,
});
/** Uploads without committing; the next commit on the branch takes it in. */
export const stage = (files: Files, options: OnBranch = {}): Step => ({ do: 'stage', files, ...options });
export const branch = (name: string, from = 'main', options: Timed = {}): Step => ({
  do: 'branch',
  name,
  from,
  ...options,
});
export const deleteBranch = (name: string): Step => ({ do: 'deleteBranch', name });
export const tag = (name: string, to: string): Step => ({ do: 'tag', name, to });
export const moveTag = (name: string, to: string): Step => ({ do: 'moveTag', name, to });
export const merge = (name: string, from: string, options: MergeOptions = {}): Step => ({
  do: 'merge',
  name,
  from,
  ...options,
});
export const squash = (name: string, from: string, options: MergeOptions = {}): Step => ({
  do: 'merge',
  name,
  from,
  squash: true,
  ...options,
});
export const revert = (name: string, ref: string, options: OnBranch & { parent?: number } = {}): Step => ({
  do: 'revert',
  name,
  ref,
  ...options,
});
export const cherryPick = (name: string, ref: string, options: OnBranch = {}): Step => ({
  do: 'cherryPick',
  name,
  ref,
  ...options,
});
/** What an import leaves: one parent, and lakeFS's own metadata. */
export const importLike = (name: string, files: Files, options: CommitOptions = {}): Step =>
  commit(name, files, { metadata: { '.lakefs.merge.strategy': 'source-wins' }, ...options });
export const hardReset = (on: string, to: string): Step => ({ do: 'hardReset', on, to });

/** A run that stays running; `write` and `end` may follow. */
export const start = (run: string, spec: RunSpec = {}): Step => ({
  do: 'start',
  run,
  spec,
  ...(spec.after === undefined ? {} : { after: spec.after }),
});
export const write = (run: string, spec: Written): Step => ({ do: 'write', run, spec });
export const end = (run: string, status = 'FINISHED'): Step => ({ do: 'end', run, status });
/** A run from start to end. */
export const run = (name: string, spec: RunSpec = {}): readonly Step[] => [
  start(name, spec),
  { do: 'end', run: name, status: spec.status ?? 'FINISHED', after: spec.lasts ?? 300 },
];
export const resume = (run: string): Step => ({ do: 'resume', run });
export const deleteRun = (run: string): Step => ({ do: 'deleteRun', run });
export const ignoreExperiment: Step = { do: 'ignoreExperiment' };
export const deleteExperiment: Step = { do: 'deleteExperiment' };
/** Here everything is brought to rest, and the labels given here must hold. */
export const look = (expect: Labels = {}): Step => ({ do: 'look', expect });

type Steps = readonly (Step | readonly Step[])[];

/** One case; steps may be nested as `run` makes them. */
export function example(
  name: string,
  rule: string,
  steps: Steps,
  expect: Labels,
  options: { clock?: boolean } = {},
): Case {
  return { name, rule, steps: steps.flat(), expect, ...options };
}

type LinkOptions = Omit<Partial<LinkLabel>, 'commit' | 'path' | 'kind'>;

const link =
  (kind: EvidenceKind) =>
  (commit: string, path: string, options: LinkOptions = {}): LinkLabel => ({
    commit,
    path,
    kind,
    ...options,
  });

export const declared = link('declared');
export const exact = link('exact');
export const resolved = link('resolved');
export const likely = link('likely');
export const inferred = link('inferred');
export const ambiguous = link('ambiguous');
export const conflict = link('conflict');

/** The label of a run. */
export const links = (...labels: readonly LinkLabel[]): Label => ({ links: labels });
/** The label of a run of which nothing is known. */
export const nothing: Label = { links: [] };
