import { expect, test } from 'vitest';
import { ownPath } from '../../../src/dashboard/page.js';

/** The base of the board's page once the script has run in a browser that is at `here`. */
function baseAt(here: string, base: string): string {
  let href = base;
  const element = {
    getAttribute: () => href,
    setAttribute: (_name: string, value: string) => {
      href = value;
    },
  };
  new Function('document', 'location', ownPath)({ querySelector: () => element }, { pathname: here });
  return href;
}

test.each([
  ['/queues/', '/queues/', '/queues/'],
  ['/queues', '/queues/', '/queues/'],
  ['/bridge/queues/queue/link-run', '/bridge/queues/', '/bridge/queues/'],
  ['/bridge/queues', '/bridge/queues/', '/bridge/queues/'],
  ['/queues/queue/link-run', '/bridge/queues/', '/queues/'],
  ['/queues', '/bridge/queues/', '/queues/'],
  ['/elsewhere/queues', '/bridge/queues/', '/bridge/queues/'],
])('at %s the board with the base %s has the base %s', (here, base, expected) => {
  expect(baseAt(here, base)).toBe(expected);
});
