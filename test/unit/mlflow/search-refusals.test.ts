import { expect, test } from 'vitest';
import { ApiError } from '../../../src/mlflow/api-error.js';
import { isRefusedExperiment, isTooManyExperiments } from '../../../src/mlflow/search-refusals.js';

function refusal(status: number, code?: string, message = ''): ApiError {
  const json = code === undefined ? undefined : { error_code: code, message };
  const facts = { name: 'MLflow', method: 'POST', url: 'http://mlflow/api/2.0/mlflow/runs/search' } as const;
  return new ApiError({
    ...facts,
    ...{ status, body: json === undefined ? message : JSON.stringify(json), serverAnswers: true },
    ...(json === undefined ? {} : { json }),
  });
}

test.each([
  ["Databricks' words", refusal(400, 'INVALID_PARAMETER_VALUE', 'Too many experiment_ids specified')],
  ['a limit', refusal(400, 'BAD_REQUEST', 'The number of experiment IDs exceeds the limit of 20')],
  ['a plain text', refusal(400, undefined, 'experiment_ids may hold at most 100 values')],
  ['a gateway that finds the body too long', refusal(413, undefined, 'Payload Too Large')],
  ['a gateway that finds the address too long', refusal(414)],
])('a search over too many experiments is recognised by %s', (_what, error) => {
  expect(isTooManyExperiments(error)).toBe(true);
  expect(isRefusedExperiment(error)).toBe(false);
});

test.each([
  ['a filter that is refused', refusal(400, 'INVALID_PARAMETER_VALUE', 'Invalid attribute key "x"')],
  ['no experiment at all', refusal(400, 'INVALID_PARAMETER_VALUE', 'Must provide experiment_ids in search')],
  ['too many runs in a page', refusal(400, 'INVALID_PARAMETER_VALUE', 'max_results must be at most 50000')],
  ['too many requests', refusal(429, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests')],
])('%s is no such refusal', (_what, error) => {
  expect(isTooManyExperiments(error)).toBe(false);
});

test.each([
  ['PERMISSION_DENIED', refusal(403, 'PERMISSION_DENIED', 'no READ on experiment 7'), true],
  ['an experiment that is gone', refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'No experiment 7'), true],
  ['a page of a proxy', refusal(403, undefined, '<html>blocked</html>'), false],
  ['an unknown route', refusal(404, undefined, '<html>not found</html>'), false],
])('a search that is refused because of one experiment: %s', (_what, error, refused) => {
  expect(isRefusedExperiment(error)).toBe(refused);
});
