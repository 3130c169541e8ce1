import { expect, test } from 'vitest';
import { defaultHookUrl, hookUrlProblem, hookUrlWarnings } from '../../../src/install/hook-url.js';

test.each([
  ['https://x.example', 'default', 'https://x.example/hooks/lakefs'],
  ['https://x.example/mlops/', 'default', 'https://x.example/mlops/hooks/lakefs'],
  ['https://x.example', 'ams 2', 'https://x.example/hooks/lakefs/ams%202'],
])('%s and installation %s give %s', (publicUrl, installation, url) => {
  expect(defaultHookUrl(publicUrl, installation)).toBe(url);
});

test.each([
  '',
  'x.example/hooks',
  'ftp://x.example/',
  'https://user:secret@x.example/',
  'https://x.example/a b',
])('The address "%s" is refused', (url) => {
  expect(hookUrlProblem(url)).toEqual(expect.any(String));
});

test('The password of a refused address is not repeated', () => {
  expect(hookUrlProblem('https://user:secret@x.example/')).not.toContain('secret');
});

test('A loopback address is a problem where lakeFS runs elsewhere, and there only', () => {
  const url = 'http://127.0.0.1:8321/hooks/lakefs';
  expect(hookUrlWarnings(url, 'https://lakefs.example', '1.84.0')[0]).toContain(
    'it would send its events to itself',
  );
  expect(hookUrlWarnings(url, 'http://localhost:8000', '1.84.0')).toEqual([]);
});

test.each([
  ['http://10.1.2.3:8321/', '1.88.0', 1],
  ['http://172.20.0.5/', '2.0.0', 1],
  ['http://registrar:8321/', '1.90.1', 1],
  ['http://[fd00::1]:8321/', 'dev', 1],
  ['http://10.1.2.3:8321/', '1.87.9', 0],
  ['http://172.32.0.5/', '1.88.0', 0],
  ['https://mlops.example/', '1.88.0', 0],
  ['https://8.8.8.8/', undefined, 0],
])('%s from lakeFS %s gives %i warnings about internal addresses', (url, version, count) => {
  const warnings = hookUrlWarnings(url, 'https://lakefs.example', version);
  expect(warnings).toHaveLength(count);
  expect(warnings.every((text) => text.includes('LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS='))).toBe(true);
});
