import { describe, expect, test } from 'vitest';
import { verificationBlocks } from '../../../../src/queries/verify/blocks.js';
import { causeOf, correction, differencesOf } from '../../../../src/queries/verify/differences.js';
import type { Finding, Verification } from '../../../../src/queries/verify/schema.js';
import { readVerifyTarget } from '../../../../src/queries/verify/target.js';
import { runView } from '../../../support/runs/run-views.js';

const ours = { 'lakefs.links': '{"links":[],"wrote":{}}' };

function difference(
  tags: Record<string, string>,
  set: Record<string, string>,
  remove: readonly string[] = [],
) {
  const view = runView({ tags });
  const differences = differencesOf(view, { set: new Map(Object.entries(set)), remove });
  return { differences, cause: causeOf(view, differences) };
}

describe('what differs', () => {
  test('each key is told with what is there and what should be, by name', () => {
    expect(difference({ b: '1', gone: '2' }, { b: '3', a: '4' }, ['gone']).differences).toEqual([
      { key: 'a', there: null, should: '4' },
      { key: 'b', there: '1', should: '3' },
      { key: 'gone', there: '2', should: null },
    ]);
  });

  test.each([
    ['a run without our list was not tagged yet', {}, { 'lakefs.status': 'current' }, [], 'not-tagged'],
    [
      'a status that changed follows the data',
      { ...ours, 'lakefs.status': 'current' },
      { 'lakefs.status': 'superseded', 'lakefs.because': 'repo/main@aaaaaaaaaaaa' },
      [],
      'data-moved-on',
    ],
    [
      'a status that is current again',
      { ...ours, 'lakefs.status': 'reverted', 'lakefs.because': 'x' },
      { 'lakefs.status': 'current' },
      ['lakefs.because'],
      'data-moved-on',
    ],
    ['a status that is gone was removed by hand', ours, { 'lakefs.status': 'current' }, [], 'changed'],
    [
      'anything else was edited by hand, or the run says something else',
      { ...ours, 'lakefs.status': 'current', 'lakefs.evidence': 'declared' },
      { 'lakefs.status': 'superseded', 'lakefs.evidence': 'exact' },
      [],
      'changed',
    ],
  ])('%s', (_sentence, tags, set, remove, cause) => {
    expect(difference(tags, set as Record<string, string>, remove).cause).toBe(cause);
  });
});

describe('what is verified', () => {
  const id = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';

  test.each([
    [id, { kind: 'one', what: { kind: 'run', id } }],
    [`runs:/${id}/model`, { kind: 'one', what: { kind: 'run', id } }],
    [`https://mlflow.example/#/experiments/1/runs/${id}`, { kind: 'one', what: { kind: 'run', id } }],
    ['models:/churn@champion', { kind: 'one', what: { kind: 'alias', name: 'churn', alias: 'champion' } }],
    ['https://mlflow.example/#/experiments/12/runs', { kind: 'name', name: '12' }],
    ['training', { kind: 'name', name: 'training' }],
    ['/Users/ana/churn', { kind: 'name', name: '/Users/ana/churn' }],
    ['12', { kind: 'name', name: '12' }],
  ])('%s', (given, target) => {
    expect(readVerifyTarget(given)).toEqual(target);
  });

  test.each(['', 'models:/churn', 'https://lakefs.example/repositories/repo/commits/abc'])(
    '"%s" is refused',
    (given) => {
      expect(readVerifyTarget(given).kind).toBe('none');
    },
  );
});

describe('the answer for people', () => {
  const finding: Finding = {
    kind: 'differs',
    ...{ id: 'r1', name: 'boats', page: 'https://mlflow.example/r1', cause: 'changed' },
    differences: [{ key: 'lakefs.links', there: 'x'.repeat(4_900), should: null }],
    written: true,
    putRight: correction('changed', true),
  };
  const verification: Verification = {
    scope: { kind: 'experiment', name: 'training', page: 'https://mlflow.example/e' },
    ...{
      runs: 12,
      cut: false,
      differ: 11,
      unknown: 0,
      agree: false,
      settled: [{ reason: 'its tags are correct', runs: 1 }],
    },
    findings: [finding],
  };

  test('long values are cut, and runs that are not listed are counted', () => {
    const blocks = JSON.stringify(verificationBlocks(verification));
    expect(blocks.length).toBeLessThan(2_000);
    expect(blocks).toContain('… and 10 runs more; use --limit to list them.');
  });

  test('it says that only the newest runs were checked', () => {
    const shown = (cut: boolean) => JSON.stringify(verificationBlocks({ ...verification, cut }));
    expect(shown(true)).toContain('not the older ones');
    expect(shown(false)).not.toContain('older');
  });

  test('observe mode is shown, since nobody writes these tags then', () => {
    const observe = { written: false, putRight: correction('changed', false) };
    const observed = { ...verification, findings: [{ ...finding, ...observe }] };
    expect(JSON.stringify(verificationBlocks(observed))).toContain('in observe mode');
  });
});
