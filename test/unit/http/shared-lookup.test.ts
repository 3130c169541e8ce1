import type { LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { createSharedLookup } from '../../../src/http/agents.js';

type Answer = Parameters<LookupFunction>[2];

test('ten requests for one name make one lookup, and all get its answer; the next one asks again', () => {
  const asked: { name: string; answer: Answer }[] = [];
  const lookup = createSharedLookup((name, _options, answer) => void asked.push({ name, answer }));
  const answers: unknown[] = [];
  for (let n = 0; n < 10; n += 1) lookup('lakefs', {}, (_error, address) => void answers.push(address));
  lookup('mlflow', {}, (_error, address) => void answers.push(address));
  expect(asked.map(({ name }) => name)).toEqual(['lakefs', 'mlflow']);
  asked[0]!.answer(null, '10.0.0.1', 4);
  expect(answers).toEqual(Array.from({ length: 10 }, () => '10.0.0.1'));
  lookup('lakefs', {}, () => undefined);
  expect(asked).toHaveLength(3);
});

test('a lookup that failed fails for all that wait for it', () => {
  const asked: Answer[] = [];
  const lookup = createSharedLookup((_name, _options, answer) => void asked.push(answer));
  const errors: unknown[] = [];
  for (const _ of [1, 2]) lookup('lakefs', {}, (error) => void errors.push(error?.code));
  asked[0]!(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), '', 4);
  expect(errors).toEqual(['ENOTFOUND', 'ENOTFOUND']);
});
