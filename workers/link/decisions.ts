import type { Link, RunView } from '../../src/contract/run.js';
import { mlflowRunPage } from '../../src/domain/common/links-to.js';
import { describePlan } from '../../src/domain/links/tag-plan.js';
import type { Proposal } from '../../src/facts/links/propose.js';
import type { ServerFacts } from '../../src/facts/links/server.js';

export type TagProposal = Extract<Proposal, { kind: 'tags' }>;

/** What should be written to a run, and when (Unix ms) the run was read for it. */
export interface Decision {
  readonly proposal: TagProposal;
  readonly readAt: number;
}

/**
 * What a sweep has just decided about runs, for the jobs that it queues: in the same process a job then neither reads
 * the run again nor decides the same once more. Never more than a shortcut: another process, a later try or a job that
 * had to wait finds nothing here, and reads and decides itself.
 */
export interface RecentDecisions {
  /** Offers decisions about runs that were read at this time. Those about runs that had not ended are left out. */
  offer(proposals: readonly TagProposal[], readAt: number): void;
  /** The decision about a run, once; undefined where there is none, or the run was read too long ago. */
  take(run: string): Decision | undefined;
}

/** A reading is as good as one's own for this long, in ms: a user may write to the run at any time. */
export const freshReadingMs = 250;

/** @param now Unix ms */
export function createRecentDecisions(now: () => number): RecentDecisions {
  const decisions = new Map<string, Decision>();
  return {
    offer: (proposals, readAt) => {
      // What could not be read is read again by the job, which reports it.
      const useful = proposals.filter(({ view, trouble }) => view.terminal && trouble === undefined);
      const offered = useful.map((proposal) => ({ proposal, readAt }));
      for (const decision of offered) decisions.set(decision.proposal.view.id, decision);
      if (offered.length === 0) return;
      // A run may have many MB of params: nothing is kept that nobody may take any more.
      setTimeout(() => {
        for (const decision of offered) {
          const { id } = decision.proposal.view;
          if (decisions.get(id) === decision) decisions.delete(id);
        }
      }, freshReadingMs).unref();
    },
    take: (run) => {
      const decision = decisions.get(run);
      decisions.delete(run);
      return decision !== undefined && now() - decision.readAt <= freshReadingMs ? decision : undefined;
    },
  };
}

/** What was decided about a run and why, for the job's log. */
export function describeDecision({ examination, plan, write }: TagProposal): string {
  return [
    ...examination.links.map(
      (link) =>
        `${link.kind}: ${link.repository}@${link.commit.slice(0, 12)} ${link.path} (${link.where} ${link.name})`,
    ),
    ...examination.judged.flatMap(({ reference, verdict }) =>
      verdict.kind === 'none' ? [`not linked: ${reference.text}: ${verdict.reason}`] : [],
    ),
    `${write ? 'tags' : 'would tag'}: ${describePlan(plan)}`,
  ].join('\n');
}

/** What a run read, for the summary of the job. */
export function describeLinks(links: readonly Link[]): string {
  if (links.length === 0) return 'no longer linked to any commit';
  const commits = [
    ...new Set(links.map((link) => `${link.repository}@${link.commit.slice(0, 12)} (${link.kind})`)),
  ];
  const shown = commits.slice(0, 3).join(', ');
  return `read ${shown}${commits.length > 3 ? ` and ${commits.length - 3} more` : ''}`;
}

export function pageOfRun(
  { experimentId, id }: RunView,
  { access }: Pick<ServerFacts, 'access'>,
): Record<string, string> {
  const { publicUrl } = access.installations.all[0]?.settings.mlflow ?? {
    publicUrl: access.mlflow.trackingUri,
  };
  return { mlflow: mlflowRunPage(publicUrl, experimentId, id) };
}
