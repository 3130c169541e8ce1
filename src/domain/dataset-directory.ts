/** A dataset path is empty (the repository's root) or ends in a slash. */

/** The directory that a person would call the dataset of an object: cut at the first partition-like segment. */
export function datasetDirectory(path: string): string {
  const segments = path.split('/').slice(0, -1);
  const cut = segments.findIndex(isPartition);
  return join(cut < 0 ? segments : segments.slice(0, cut));
}

/** Every directory above an object, the root first. */
export function directoriesOf(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return ['', ...segments.map((_, index) => join(segments.slice(0, index + 1)))];
}

export function parentOf(directory: string): string {
  return join(directory.split('/').slice(0, -2));
}

/** True for the directory itself and what is in it: `gold/train/` does not hold `gold/train_v2/x`. */
export function isUnder(path: string, directory: string): boolean {
  return path.startsWith(directory);
}

/** The root of the Delta or Iceberg table that an object of the table's own records belongs to. */
export function tableRootOf(path: string): string | undefined {
  const delta = /^(.*?)(?:^|\/)_delta_log\//.exec(path);
  const iceberg =
    /^(.*?)(?:^|\/)metadata\/(?:[^/]*\.metadata\.json|version-hint\.text|snap-[^/]*\.avro)$/.exec(path);
  const root = (delta ?? iceberg)?.[1];
  return root === undefined || root === '' ? root : `${root}/`;
}

/** Objects that tools leave beside data: directory markers, `_SUCCESS` and the like, and lakeFS's action files. */
export function isNoData(path: string): boolean {
  if (path.endsWith('/') || path.startsWith('_lakefs_actions/')) return true;
  return marker.test(path.slice(path.lastIndexOf('/') + 1));
}

const marker =
  /^(?:_SUCCESS|_started_.*|_committed_.*|_metadata|_common_metadata|\..*\.crc|\.keep|\.gitkeep|\.DS_Store|.*_\$folder\$)$/;

/** `key=value`, or a date, a month, a week, a quarter, a year. */
export function isPartition(segment: string): boolean {
  return /^[^=]+=/.test(segment) || dates.some((date) => date.test(segment));
}

const year = '(?:19|20)\\d\\d';
const month = '(?:0?[1-9]|1[0-2])';
const day = '(?:0?[1-9]|[12]\\d|3[01])';

const dates: readonly RegExp[] = [
  new RegExp(`^${year}$`),
  new RegExp(`^${year}[-_.]${month}$`),
  new RegExp(`^${year}[-_.]${month}[-_.]${day}(?:[-_.T ].*)?$`),
  new RegExp(`^${year}(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\\d|3[01])(?:T?\\d{2,6}Z?)?)?$`),
  new RegExp(`^${year}[-_.]?(?:[Qq][1-4]|[Ww][0-5]\\d)$`),
];

function join(segments: readonly string[]): string {
  return segments.length === 0 ? '' : `${segments.join('/')}/`;
}
