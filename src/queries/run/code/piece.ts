import type { DataForm } from './data-form.js';

/** One piece of data to load. */
export interface Piece {
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
  readonly form: DataForm;
  /** The lakeFS server, which is also its S3 gateway. */
  readonly endpoint: string;
  /** One line that says what it is. */
  readonly comment: string;
  /** Of a Delta table: the version that was read. The commit may hold later ones. */
  readonly deltaVersion?: string;
}

/** `repository/commit/path`, as S3 clients name it. */
export function keyOf({ repository, commit, path }: Piece): string {
  return `${repository}/${commit}/${path}`;
}

/** `df`, `df2`, … */
export function variable(index: number): string {
  return index === 0 ? 'df' : `df${index + 1}`;
}

/** One text per server, in order of first use. */
export function endpointsOf(pieces: readonly Piece[]): readonly string[] {
  return [...new Set(pieces.map(({ endpoint }) => endpoint))];
}

export const keyVariable = 'LAKECTL_CREDENTIALS_ACCESS_KEY_ID';
export const secretVariable = 'LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY';
