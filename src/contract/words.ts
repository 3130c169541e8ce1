/** The words that every layer shares. Ids are branded by name only: strings on the wire, strings here. */

/** Commit ids are unique per repository only, so a commit is always named by all three. */
export interface CommitKey {
  readonly installation: string;
  readonly repository: string;
  /** 64 lower-case hex digits. */
  readonly commit: string;
}

/** One text per commit of one repository of one installation. */
export function commitText({ installation, repository, commit }: CommitKey): string {
  return `${installation} ${repository} ${commit}`;
}

/** How we know that a run read a commit, strongest first. */
export const evidenceKinds = [
  'declared',
  'exact',
  'resolved',
  'likely',
  'inferred',
  'ambiguous',
  'conflict',
] as const;

export type EvidenceKind = (typeof evidenceKinds)[number];

/** Whether the data that a link names is still good, worst first. */
export const linkStatuses = ['reverted', 'orphaned', 'superseded', 'current'] as const;

export type LinkStatus = (typeof linkStatuses)[number];

/** `bad`: the data is not to be relied on. `because`: one commit made it so, which `lakefs.because` names. */
export const statusRules: Readonly<Record<LinkStatus, { readonly bad: boolean; readonly because: boolean }>> =
  {
    reverted: { bad: true, because: true },
    orphaned: { bad: true, because: false },
    superseded: { bad: false, because: true },
    current: { bad: false, because: false },
  };

/** In place of a status: the repository was deleted, and another was created under its name. */
export const gone = 'gone';

/** The value of `lakefs.history` where all of a head's history is in the catalog, or below the horizon. */
export const completeHistory = 'complete';
