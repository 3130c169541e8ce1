import { expect, describe as group, test } from 'vitest';
import { mayBlameServer } from '../../../src/domain/common/server-blame.js';
import { describe } from '../../../src/http/describe.js';

const login = '<!DOCTYPE html><html><head><title>Sign in\n - Example</title></head><body>…</body></html>';
const html = { 'content-type': 'text/html; charset=utf-8' };

group.each([
  ['lakeFS', 'LAKECTL_SERVER_ENDPOINT_URL', 'http://lakefs.example/api/v1/repositories'],
  ['MLflow', 'MLFLOW_TRACKING_URI', 'http://mlflow.example/api/2.0/mlflow/runs/get'],
] as const)('In front of %s', (name, setting, url) => {
  const facts = { name, method: 'GET', url } as const;

  test('a login page with status 200 is called one, with its title and what to do', () => {
    const text = describe({ ...facts, status: 200, headers: html, body: login });
    expect(text).toBe(
      `${name} answered 200 to GET ${url} with an HTML page ("Sign in - Example") instead of JSON, probably the login page of ` +
        `something in front of ${name}: let this service reach ${name} without a login page, and check ${setting}`,
    );
    expect(mayBlameServer(text, name)).toBe(true);
  });

  test('a page is recognised without its content type, too', () => {
    expect(describe({ ...facts, status: 200, body: ' <html>Log in</html>' })).toContain(
      'with an HTML page instead of JSON, probably the login page',
    );
  });

  test('a redirect says where to, without what its address may hold, and that it may lead to a login page', () => {
    const headers = { location: 'https://ada:hunter22@login.example/oauth?code=hunter22' };
    const text = describe({ ...facts, status: 302, headers });
    expect(text).toBe(
      `${name} answered 302 to GET ${url} with a redirect to login.example, often the way to a login page; redirects are not ` +
        `followed: let this service reach ${name} without a login page, and check ${setting}`,
    );
    expect(mayBlameServer(text, name)).toBe(true);
  });

  test('anything else that is no JSON is no login page', () => {
    const text = describe({ ...facts, status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' });
    expect(text).toBe(
      `${name} answered 200 to GET ${url} with something that is not JSON: check that ${setting} is the address of ${name} itself`,
    );
  });
});
