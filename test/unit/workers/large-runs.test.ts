import { expect, test } from 'vitest';
import type { RunInfo } from '../../../src/mlflow/types.js';
import { createLargeRuns, tellLarge } from '../../../workers/large-runs.js';

function runInfo(id: string): RunInfo {
  return { run_id: id, experiment_id: '7', status: 'FINISHED', lifecycle_stage: 'active' };
}

test('a run that is too large is named in the log, once in the next job, and left out from then on', () => {
  const lines: object[] = [];
  const nothing = (): void => undefined;
  const warn = (data: object): void => void lines.push(data);
  const large = createLargeRuns('default', { debug: nothing, info: nothing, error: nothing, warn });
  large.onTooLarge(runInfo('huge'));
  expect(lines).toEqual([{ server: 'default', run: 'huge', experiment: '7' }]);
  expect(large.takeNews().map(({ run_id }) => run_id)).toEqual(['huge']);
  expect(large.takeNews()).toEqual([]);
  expect(large.ids()).toEqual(['huge']);
});

test('the log of a job names 20 of them and counts the rest', () => {
  const text = tellLarge(Array.from({ length: 23 }, (_, n) => runInfo(`r${n}`)));
  expect(text).toContain('r19 (experiment 7)\nand 3 more');
});
