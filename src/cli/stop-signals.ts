import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.js';

/** After the limit: what lookups of names get to end, in ms. */
const lookupsMs = 500;

export interface StopSignals {
  /** Aborted by the first SIGTERM or SIGINT. */
  readonly signal: AbortSignal;
  /** Resolves at the first signal. */
  readonly came: Promise<void>;
  /** To be called once there is a log: from then on the process ends `limitMs` after the first signal, whatever hangs. */
  limit(log: Log, limitMs: number): void;
  /** Ends the process once all is closed. */
  end(code: number): Promise<never>;
}

/**
 * From now on SIGTERM and SIGINT are a wish to stop, also while the service is still starting. Another signal, a moment
 * later, ends the process at once with exit code 1.
 *
 * Where closing hangs, the limit ends the process with exit code 0: nothing is lost. The store still has each job that
 * could not be handed back, and another process takes it up once its lock has expired, or the embedded queue has been
 * opened again.
 */
export function listenForStop(): StopSignals {
  const controller = new AbortController();
  const { signal } = controller;
  let endAt = Number.POSITIVE_INFINITY;
  let limitTimer: NodeJS.Timeout | undefined;
  let forced: () => never = () => endNow(1);
  const came = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });
  listenForSignals(['SIGTERM', 'SIGINT'], {
    first: (name) => controller.abort(new Error(`stopped by ${name}`)),
    again: () => forced(),
  });

  function end(code: number): Promise<never> {
    clearTimeout(limitTimer);
    return endProcess(code, Math.max(0, endAt - performance.now()));
  }

  return {
    signal,
    came,
    end,
    limit(log, limitMs) {
      forced = () => {
        log.warn({}, 'stopped by a second signal: jobs that were running start again within a minute');
        return endNow(1);
      };
      void came.then(() => {
        endAt = performance.now() + limitMs + lookupsMs;
        log.info({ why: signal.reason.message, limitMs }, 'stopping: send the signal again to stop at once');
        limitTimer = setTimeout(() => {
          log.warn({}, 'closing took too long: jobs that were running start again within a minute');
          void end(0);
        }, limitMs);
      });
    },
  };
}

/** A Ctrl-C reaches us twice where npm started us: from the terminal and from npm. */
const repeatMs = 2_000;

export interface SignalReactions {
  first(name: NodeJS.Signals): void;
  /** The signal came again, more than a moment after the first. */
  again(): void;
}

/** From now on these signals no longer end the process by themselves. */
export function listenForSignals(names: readonly NodeJS.Signals[], { first, again }: SignalReactions): void {
  let firstAt: number | undefined;
  for (const name of names) {
    process.on(name, () => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        first(name);
      } else if (performance.now() - firstAt > repeatMs) again();
    });
  }
}

/**
 * Ends the process, whatever it still waits for. `process.exit` waits for Node's own threads, and one that looks up a
 * name stays busy for 10 s and more where the DNS server is silent. Such a lookup gets until `patienceMs`; after that
 * only SIGKILL ends the process in time, and its exit code is then 137.
 */
async function endProcess(code: number, patienceMs: number): Promise<never> {
  const end = performance.now() + patienceMs;
  while (isLookingUpNames() && performance.now() < end) await sleep(20);
  return endNow(code);
}

/** The same without any patience. */
function endNow(code: number): never {
  if (isLookingUpNames()) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

function isLookingUpNames(): boolean {
  return process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap');
}
