import type { Backend } from './backend.js';
import type { QueueLog } from './log.js';

const freshMs = 60_000;

/**
 * Answers with what the store was last found to be at risk of, and looks again in the background where that is older
 * than a minute: whoever asks for readiness never waits for it. Each warning is logged when it first comes up.
 */
export function watchWarnings(
  backend: Pick<Backend, 'opened' | 'notReady' | 'warnings' | 'place'>,
  log: QueueLog,
): () => readonly string[] {
  const logged = new Set<string>();
  let known: readonly string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    lookedAt = performance.now();
    known = await backend.warnings();
    for (const problem of known) {
      if (logged.has(problem)) continue;
      logged.add(problem);
      log.warn({ place: backend.place, problem }, 'the queue takes events, but jobs in it are at risk');
    }
  }

  function lookUnlessFresh(): void {
    if (performance.now() - lookedAt < freshMs || backend.notReady() !== undefined) return;
    look().catch((error: unknown) => log.debug({ error: String(error) }, 'the store could not be examined'));
  }

  backend.opened.then(lookUnlessFresh, () => undefined);
  return () => {
    lookUnlessFresh();
    return known;
  };
}
