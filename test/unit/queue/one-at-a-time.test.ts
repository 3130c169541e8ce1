import { expect, test } from 'vitest';
import { createOneAtATime } from '../../../src/queue/run-job.js';

test('work of one key runs in turn, even after a failure; other keys do not wait', async () => {
  const oneAtATime = createOneAtATime();
  const story: string[] = [];
  let goOn: () => void = () => undefined;
  const first = oneAtATime('a', async () => {
    story.push('first starts');
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    story.push('first fails');
    throw new Error('it failed');
  });
  const second = oneAtATime('a', async () => {
    story.push('second');
    return 2;
  });
  expect(await oneAtATime('b', async () => 'other')).toBe('other');
  expect(story).toEqual(['first starts']);
  goOn();
  await expect(first).rejects.toThrow('it failed');
  expect(await second).toBe(2);
  expect(story).toEqual(['first starts', 'first fails', 'second']);
});
