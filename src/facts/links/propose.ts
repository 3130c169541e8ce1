import { isEmptyDiff, type TagDiff } from '../../contract/diff-tags.js';
import type { Link, RunView } from '../../contract/run.js';
import { guideTag, ourTag } from '../../contract/tags.js';
import { failureOf } from '../../domain/common/failure.js';
import { type LinkFacts, planTags } from '../../domain/links/tag-plan.js';
import { maySayWhatItRead } from '../../domain/references/reference.js';
import { becauseText, type LinkState } from '../../domain/status/link-state.js';
import type { Run } from '../../mlflow/types.js';
import type { ExperimentEntry } from '../runs/experiments.js';
import { viewOf } from '../runs/run-view.js';
import { type Examination, examineRun } from './examine.js';
import type { ServerFacts } from './server.js';

/** What should be done about one run, and why. */
export type Proposal =
  | {
      readonly kind: 'leave';
      readonly reason: string;
      /** Set where the run is left because its tags are correct. */
      readonly settled?: { readonly view: RunView; readonly examination: Examination };
      readonly trouble?: unknown;
    }
  | {
      readonly kind: 'tags';
      readonly view: RunView;
      readonly examination: Examination;
      readonly plan: TagDiff;
      /** False where an installation is in observe mode: the plan is logged, not carried out. */
      readonly write: boolean;
      /**
       * Why something about the links could not be read, although lakeFS answers other requests: the plan leaves that as it
       * is. The links themselves are known.
       */
      readonly trouble?: unknown;
    };

/**
 * Decides the tags of one run from what it says it read. Reads only.
 *
 * @throws what the clients throw where something could not be read: then nothing is known, and nothing may be written
 */
export async function proposeTags(run: Run, facts: ServerFacts): Promise<Proposal> {
  const view = viewOf(run);
  const marked = reasonInRun(view);
  if (marked !== undefined) return leave(marked);
  if (!view.tags.has(ourTag.links) && !maySayWhatItRead(view, facts.sources.rules)) {
    return leave('the run does not say what it read');
  }
  const experiment = await facts.experiments.get(view.experimentId);
  if (experiment === undefined) return leave(experimentDeleted);
  const reason = reasonInExperiment(experiment);
  if (reason !== undefined) return leave(reason);
  const examination = await examineRun(view, experiment.name, facts.sources);
  if (examination.incomplete) {
    return leave(
      'some of its data cannot be read now, and its list of links is cut off: its tags stay as they are',
    );
  }
  const troubles = createTroubles();
  const branch = await troubles.orUnknown(undefined, () => labelOf(examination.links, facts));
  const plan = planTags(
    view,
    examination.links,
    await linkFacts(view, examination.links, branch, facts, troubles),
  );
  const trouble = troubles.first();
  if (isEmptyDiff(plan)) {
    return { ...leave(settledReason(examination)), settled: { view, examination }, ...trouble };
  }
  return { kind: 'tags', view, examination, plan, write: !isObserved(examination.links, facts), ...trouble };
}

interface Troubles {
  /** What is read, or the other where reading it fails and lakeFS answers other requests. */
  orUnknown<T>(other: T, read: () => Promise<T>): Promise<T>;
  first(): { readonly trouble?: unknown };
}

/** Where lakeFS is down everything waits for it, so that is thrown; and so is what is no failed request. */
function createTroubles(): Troubles {
  const found: unknown[] = [];
  return {
    orUnknown: async (other, read) => {
      try {
        return await read();
      } catch (error) {
        const kind = failureOf(error)?.kind;
        if (kind === undefined || kind === 'unavailable') throw error;
        found.push(error);
        return other;
      }
    },
    first: () => (found.length === 0 ? {} : { trouble: found[0] }),
  };
}

const experimentDeleted = 'its experiment is deleted';

/** Why nothing at all may be written to a run, whatever it says; undefined where it may. */
export async function reasonToLeave(view: RunView, facts: ServerFacts): Promise<string | undefined> {
  const marked = reasonInRun(view);
  if (marked !== undefined) return marked;
  const experiment = await facts.experiments.get(view.experimentId);
  return experiment === undefined ? experimentDeleted : reasonInExperiment(experiment);
}

function reasonInRun(view: RunView): string | undefined {
  if (!view.active) return 'the run is deleted';
  return view.tags.ignored ? `the run is tagged ${ourTag.ignore}` : undefined;
}

function reasonInExperiment({ active, catalog, ignored }: ExperimentEntry): string | undefined {
  if (!active) return experimentDeleted;
  if (catalog) return 'it is a catalog run';
  return ignored ? `its experiment is tagged ${ourTag.ignore}` : undefined;
}

const notRead: LinkState = { status: 'unknown', reason: 'it could not be read' };

async function linkFacts(
  view: RunView,
  links: readonly Link[],
  branch: string | undefined,
  facts: ServerFacts,
  troubles: Troubles,
): Promise<(link: Link) => LinkFacts> {
  const ownBranch = branchOfRun(view);
  const entries = await Promise.all(
    links.map(async (link): Promise<readonly [Link, LinkFacts]> => {
      const {
        status,
        because,
        rewritten = false,
      } = await troubles.orUnknown(notRead, () => facts.stateOf(link, ownBranch));
      return [link, { branch, status, rewritten, ...(because && { because: becauseText(because) }) }];
    }),
  );
  const known = new Map(entries);
  return (link) => known.get(link) ?? { branch, status: 'unknown' };
}

/** The branch that the run itself names; one that we wrote is a label, which decides nothing. */
export function branchOfRun({ tags }: Pick<RunView, 'tags'>): string | undefined {
  const named = tags.get(guideTag.branch);
  return named === tags.linksTag.wrote[guideTag.branch] ? undefined : named;
}

/** Only a run whose links name one commit gets the guide's tags, so only then is the label needed. */
async function labelOf(links: readonly Link[], facts: ServerFacts): Promise<string | undefined> {
  const [first, ...others] = links;
  if (first === undefined || others.some((link) => link.commit !== first.commit)) return undefined;
  return facts.branchOf(first);
}

function isObserved(links: readonly Link[], facts: ServerFacts): boolean {
  return facts.access.installations.observes(links.map(({ installation }) => installation));
}

function settledReason({ links }: Examination): string {
  return links.length === 0 ? 'it names no data in a watched repository' : 'its tags are correct';
}

function leave(reason: string): Extract<Proposal, { kind: 'leave' }> {
  return { kind: 'leave', reason };
}
