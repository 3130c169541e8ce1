import type { Tags } from '../../contract/links-tag.js';
import type { InputView, Link } from '../../contract/run.js';
import { catalogKind, ourTag } from '../../contract/tags.js';
import { mlflowRunPage } from '../../domain/common/links-to.js';
import { type Examination, examineRun } from '../../facts/links/examine.js';
import type { ServerFacts } from '../../facts/links/server.js';
import { viewOf } from '../../facts/runs/run-view.js';
import { mlflowPublicUrl } from './mlflow-page.js';
import { type RunOrModel, readRunOf } from './read-run.js';
import type { BriefRun, PlainLink } from './schema.js';
import { showWhat } from './target.js';
import { unexplainedInputs } from './unexplained.js';

/** One run with what it read. */
export interface ExaminedRun {
  /** As it was asked about: a run id or `models:/…`. */
  readonly asked: string;
  readonly run: BriefRun;
  readonly links: readonly Link[];
  /** Datasets that it logged and of which nothing is known. */
  readonly unexplained: readonly InputView[];
  readonly tags: Tags;
  /** Why nothing may be concluded from its links; undefined where something may. */
  readonly trouble: string | undefined;
  /** Undefined for a run of the catalog. */
  readonly examination: Examination | undefined;
}

/** Reads a run and finds what it read. Throws NotThereError, and what the clients throw. */
export async function readExaminedRun(what: RunOrModel, facts: ServerFacts): Promise<ExaminedRun> {
  const { access } = facts;
  const { run } = await readRunOf(what, access.mlflow);
  const view = viewOf(run);
  const experiment = await access.mlflow.experiments.getExperiment(view.experimentId);
  const { info } = run;
  const base = {
    asked: showWhat(what),
    run: {
      ...{ id: info.run_id, name: info.run_name ?? '', experiment: experiment.name },
      page: mlflowRunPage(mlflowPublicUrl(access), info.experiment_id, info.run_id),
    },
    tags: view.tags,
  };
  if (
    experiment.tags?.some(({ key, value }) => key === ourTag.kind && value === catalogKind.catalog) === true
  ) {
    const trouble = `run ${info.run_id} belongs to the catalog: it stands for a commit and read nothing itself`;
    return { ...base, links: [], unexplained: [], examination: undefined, trouble };
  }
  const examination = await examineRun(view, experiment.name, facts.sources);
  const ended = view.terminal ? undefined : `run ${info.run_id} has not ended, and may still read more`;
  return {
    ...base,
    links: examination.links,
    unexplained: unexplainedInputs(view.inputs, examination),
    examination,
    trouble: examination.incomplete ? `some of what run ${info.run_id} read cannot be read now` : ended,
  };
}

/** A link as answers show it. */
export function plainLinkOf(link: Link): PlainLink {
  return { ...link, context: link.context ?? null };
}
