import type { JobHandlers } from '../../../src/queue/types.js';

const done = { summary: 'done' };

/** Handlers that succeed without doing anything, but for those that are given. */
export function idleHandlers(own: Partial<JobHandlers> = {}): JobHandlers {
  return {
    'register-commit': async () => done,
    'sweep-runs': async () => done,
    'reconcile-repository': async () => done,
    'link-run': async () => done,
    ...own,
  };
}

/** Handlers that do nothing but note in `ran` which runs were to be linked. */
export function notingHandlers(ran: string[]): JobHandlers {
  return idleHandlers({
    'link-run': async ({ run }) => {
      ran.push(run);
      return done;
    },
  });
}
