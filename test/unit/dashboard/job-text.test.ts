import { expect, test } from 'vitest';
import { jobLink, jobTitle } from '../../../src/dashboard/job-text.js';

const commit = '3afddad4fef987b4919f5e82f16682c018e59ed2ff003a6a81adf72edaad23c3';
const pages = {
  default: { lakefs: 'https://lakefs.example', mlflow: 'https://mlflow.example' },
  eu: { lakefs: 'https://lakefs.eu.example', mlflow: 'https://mlflow.eu.example' },
};
const register = { installation: 'default', repository: 'mlflow-tracking', commit };

test('a commit is named by repository and short id', () => {
  expect(jobTitle({ name: 'register-commit', data: register })).toBe(
    'register-commit mlflow-tracking @ 3afddad4fef9',
  );
});

test('an installation of another name is shown', () => {
  expect(jobTitle({ name: 'register-commit', data: { ...register, installation: 'eu' } })).toMatch(
    / \(eu\)$/,
  );
});

test('a check of a repository is named after the repository', () => {
  const data = { installation: 'eu', repository: 'mlflow-tracking' };
  expect(jobTitle({ name: 'reconcile-repository', data })).toBe('reconcile-repository mlflow-tracking (eu)');
});

test('a run is named by its id, a sweep by its server', () => {
  expect(jobTitle({ name: 'link-run', data: { server: 'default', run: 'abc' } })).toBe('link-run run abc');
  expect(jobTitle({ name: 'sweep-runs', data: { server: 'default' } })).toBe('sweep-runs default');
});

test('a commit leads to its page in its own lakeFS', () => {
  expect(jobLink({ name: 'register-commit', data: { ...register, installation: 'eu' } }, pages).href).toBe(
    `https://lakefs.eu.example/repositories/mlflow-tracking/commits/${commit}`,
  );
});

test('a run leads to where its result says', () => {
  const href = 'https://mlflow.example/#/experiments/1/runs/abc';
  const job = { name: 'link-run', data: { server: 'default', run: 'abc' } };
  expect(jobLink({ ...job, returnvalue: { summary: 'x', links: { mlflow: href } } }, pages)).toEqual({
    displayText: 'Open in MLflow',
    href,
  });
  expect(jobLink({ ...job, data: { server: 'eu', run: 'abc' } }, pages).href).toBe(
    'https://mlflow.eu.example',
  );
});

test('an address that is no web address is never a link', () => {
  const job = { name: 'link-run', data: {}, returnvalue: { links: { x: 'javascript:alert(1)' } } };
  expect(jobLink(job, pages).href).toBe('https://mlflow.example');
});

test.each([
  undefined,
  null,
  '',
  3,
  [],
  {},
  { repository: 3, commit: [] },
  { repository: '__proto__', commit: '../..' },
])('data of any shape gets a title and a web address: %j', (data) => {
  expect(jobTitle({ name: 'x', data })).toContain('x');
  expect(jobLink({ name: 'x', data, returnvalue: data }, pages).href).toMatch(/^https:\/\//);
});
