import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueueWatch } from '../../../src/server/queue-watch.js';

let lines: [string, string, object][];
let problem: string | undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  [lines, problem] = [[], undefined];
});
afterEach(() => {
  vi.useRealTimers();
});

function begin(atStart?: string) {
  const write = (level: string) => (facts: object, text: string) => void lines.push([level, text, facts]);
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const watch = createQueueWatch({ problem: async () => problem, log, now: Date.now });
  watch.start(atStart);
  return watch;
}

const lost = 'the queue cannot be used: events are refused until it can';
const back = 'the queue can be used again';

test('a queue that is full for 20 minutes is two lines of log, the first with the reason, although nobody asks', async () => {
  const watch = begin();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lines).toEqual([]);
  problem = 'its memory is full';
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  expect(lines).toEqual([['warn', lost, { problem }]]);
  problem = undefined;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines.slice(1)).toEqual([['info', back, { awayForSeconds: 1_200 }]]);
  watch.stop();
});

test('a queue that is unreachable at the start is reported at once, and so is its return', async () => {
  const watch = begin('cannot be reached');
  expect(lines).toEqual([['warn', lost, { problem: 'cannot be reached' }]]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines.slice(1)).toEqual([['info', back, { awayForSeconds: 10 }]]);
  watch.stop();
});

test('nothing is reported of a queue that the service closes as it stops', async () => {
  const watch = begin();
  watch.stop();
  problem = 'it has been closed';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lines).toEqual([]);
});
