import { expect, test } from 'vitest';
import { pathForms } from '../../../../src/domain/paths/path-forms.js';

test.each([
  ['', ['']],
  ['gold/train_v2/', ['gold/train_v2/']],
  ['a b/ü.csv', ['a b/ü.csv']],
  ['100%', ['100%']],
  ['/gold//x', ['/gold//x', 'gold/x']],
  ['a%2Fb', ['a%2Fb', 'a/b']],
  ['/a%20b', ['/a%20b', 'a%20b', '/a b', 'a b']],
  ['a%E0%A4', ['a%E0%A4']],
  ['a/%2e%2e/b', ['a/%2e%2e/b']],
])('the path %j may mean the keys %j, literally first', (path, forms) => {
  expect(pathForms(path)).toEqual(forms);
});
