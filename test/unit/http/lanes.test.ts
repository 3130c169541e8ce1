import { expect, test } from 'vitest';
import { type Agents, createAgents, createLanes } from '../../../src/http/agents.js';

function setUp() {
  let clock = 0;
  const made: Agents[] = [];
  const lanes = createLanes({
    create: () => {
      const agents = createAgents('single');
      made.push(agents);
      return agents;
    },
    restMs: 60,
    idleMs: 4_000,
    now: () => clock,
  });
  /** Which lane serves a request that takes so long. */
  const use = (ms = 0): Promise<number> =>
    lanes.run(async (agents) => {
      clock += ms;
      return made.indexOf(agents);
    });
  return { lanes, made, use, pass: (ms: number) => (clock += ms) };
}

test('a lane serves again once it has rested, not before', async () => {
  const { use, pass } = setUp();
  expect(await use()).toBe(0);
  pass(59);
  expect(await use()).toBe(1);
  pass(1);
  expect(await use()).toBe(0);
});

test('requests at the same time have lanes of their own', async () => {
  const { lanes, made } = setUp();
  await Promise.all([lanes.run(async () => undefined), lanes.run(async () => undefined)]);
  expect(made).toHaveLength(2);
});

test('the lane that rested last is taken, and one that nobody needed is given up', async () => {
  const { lanes, made, use, pass } = setUp();
  await lanes.run(async () => use());
  pass(60);
  expect(await use()).toBe(0);
  pass(4_000);
  expect(await use()).toBe(0);
  pass(60);
  expect(await Promise.all([use(), use()])).toEqual([0, 2]);
  expect(made).toHaveLength(3);
});

test('a lane whose request failed rests as well', async () => {
  const { lanes, use, pass } = setUp();
  await expect(lanes.run(() => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
  pass(60);
  expect(await use()).toBe(0);
});
