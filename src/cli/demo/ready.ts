import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../output.js';
import type { Child } from './children.js';

const limitMs = 120_000;

/** Waits until a server that we have started answers at `address`. Throws `CliError` with its last words. */
export async function waitUntilReady(child: Child, address: string, signal: AbortSignal): Promise<void> {
  const end = Date.now() + limitMs;
  for (;;) {
    const ending = child.ending();
    if (ending !== undefined) {
      throw new CliError(`${child.name} ended (${ending}). Its last lines:\n${child.lastWords()}`);
    }
    const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) {
      throw new CliError(
        `${child.name} does not answer at ${address} after ${limitMs / 1000} s. Its last lines:\n${child.lastWords()}`,
      );
    }
    await sleep(50, undefined, { signal });
  }
}
