import { importPrefix } from '../../contract/tags.js';
/** When a run ran that was brought from another server. Unix ms; undefined where nobody recorded it. */
export interface OriginalTimes {
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/**
 * The times of a run that mlflow-export-import copied here; undefined for any other run. MLflow has the time of the import
 * as its start. With `--import-source-tags` the original times are tags, and they alone tell an import.
 */
export function originalTimes(tags: ReadonlyMap<string, string>): OriginalTimes | undefined {
  const times = { start: timeIn(tags, 'start_time'), end: timeIn(tags, 'end_time') };
  if (times.start !== undefined) return times;
  for (const key of tags.keys()) if (key.startsWith(importPrefix)) return times;
  return undefined;
}

function timeIn(tags: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = tags.get(`${importPrefix}run_info.${name}`) ?? '';
  return /^[1-9]\d{11,13}$/.test(text) ? Number(text) : undefined;
}
