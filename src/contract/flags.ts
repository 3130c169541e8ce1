/** A version of a table as a run records it. Numbers are texts: a snapshot's has up to 19 digits. */
export type TableVersion =
  | { readonly kind: 'delta'; readonly version: string }
  | { readonly kind: 'iceberg snapshot'; readonly id: string }
  | { readonly kind: 'iceberg metadata'; readonly file: string };

/** Why a link is less than it might be (docs/tags.md). */
export const flags = {
  tagMoved: 'tag moved',
  younger: 'younger than the run',
  pathChanged: 'path changed',
  uncommitted: 'uncommitted changes',
  doubtfulDates: 'dates in doubt',
  tooManyCommits: 'too many commits',
  noStartTime: 'no start time',
  futureStart: 'start in the future',
  /** MLflow may show the source that another run gave. */
  sharedSource: 'shared source',
  /** The commit holds no object at the path. */
  nothingThere: 'nothing at the path',
  /** The branch has other files now; the table's own log says that no row changed. */
  rewritten: 'rewritten',
} as const;

/** A table's version that led to the link. */
export type VersionFlag =
  | `delta version ${string}`
  | `iceberg snapshot ${string}`
  | `iceberg metadata ${string}`;

/** Up to which end of the run its branch was read. */
export type UntilFlag = `until ${string}`;

/** What the address names where the link is another commit. */
export type SourceFlag = `source names ${string}`;

/** A flag of a link, as `lakefs.links` and the JSON of the commands have it. */
export type Flag = (typeof flags)[keyof typeof flags] | VersionFlag | UntilFlag | SourceFlag;

export function versionFlag(version: TableVersion): VersionFlag {
  if (version.kind === 'delta') return `delta version ${version.version}`;
  return version.kind === 'iceberg metadata'
    ? `iceberg metadata ${version.file}`
    : `iceberg snapshot ${version.id}`;
}

export function isVersionFlag(flag: Flag): flag is VersionFlag {
  return /^(?:delta version|iceberg snapshot|iceberg metadata) /.test(flag);
}

/** The version of the Delta table that was read; undefined for any other flag. */
export function deltaVersionIn(flag: Flag | undefined): string | undefined {
  return /^delta version (\d+)$/.exec(flag ?? '')?.[1];
}

/** @param end an ISO date, or `unknown` */
export function untilFlag(end: string): UntilFlag {
  return `until ${end}`;
}

export function isUntilFlag(flag: Flag): flag is UntilFlag {
  return flag.startsWith('until ');
}

export function sourceFlag(source: string): SourceFlag {
  return `source names ${source}`;
}

/** What the flag says that the address names; undefined for any other flag. */
export function sourceIn(flag: Flag): string | undefined {
  return /^source names (.+)$/s.exec(flag)?.[1];
}
