import { expect, test } from 'vitest';
import { type StartPageFacts, startPage } from '../../../src/pages/start-page.js';

const facts: StartPageFacts = {
  user: 'ada',
  role: 'viewer',
  queueProblem: undefined,
  servers: [],
  counts: { 'link-run': { waiting: 1, active: 2, delayed: 3, failed: 4, completed: 5 } },
  installations: [
    {
      name: 'default',
      mode: 'write',
      lakefs: 'https://lakefs.example',
      mlflow: 'https://mlflow.example',
      hookUrl: 'https://bridge.example/hooks/lakefs',
    },
  ],
};

test('it leads to dashboard, MLflow and lakeFS, and shows the command to install', () => {
  const page = startPage(facts);
  for (const part of [
    'href="queues/"',
    'href="https://lakefs.example"',
    'href="https://mlflow.example"',
    'lakefs-mlflow install REPOSITORY',
    'https://bridge.example/hooks/lakefs',
    '<span class="bad">4</span>',
  ]) {
    expect(page).toContain(part);
  }
});

test('a queue that does not work is said', () => {
  const page = startPage({ ...facts, queueProblem: 'Redis cannot be reached', counts: undefined });
  expect(page).toContain('Not working: Redis cannot be reached');
  expect(page).not.toContain('<table>');
});

test.each(['down', 'refusing'] as const)(
  'a server that is %s is said, and nothing is called working',
  (condition) => {
    const lastError = { at: 0, text: 'MLflow answered 401' };
    const server = { kind: 'MLflow', installation: 'default', condition, since: 0, lastError };
    const page = startPage({ ...facts, servers: [server] });
    expect(page).not.toContain('Working');
    expect(page).toContain('MLflow answered 401');
    expect(page).toContain('1970-01-01 00:00 UTC');
  },
);

test('whatever comes from outside is escaped', () => {
  const evil = '"><script>alert(1)</script>&\'';
  const page = startPage({
    ...facts,
    user: evil,
    role: evil,
    queueProblem: evil,
    counts: undefined,
    installations: [{ name: evil, mode: evil, lakefs: evil, mlflow: evil, hookUrl: evil }],
  });
  expect(page).not.toContain('<script');
  expect(page).not.toContain('"><');
  expect(page).toContain('&lt;script&gt;');
});
