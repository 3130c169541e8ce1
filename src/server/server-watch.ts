import { concernedBy } from '../config/installations.js';
import type { Installation } from '../config/types.js';
import { mayBlameServer, type ServerKind } from '../domain/common/server-blame.js';
import { afterAnswer, changeBetween, type ServerState } from '../domain/common/server-state.js';
import { needsPerson } from '../http/classify.js';
import { HttpError } from '../http/error.js';
import { createStanding, type Sign, type Standing } from '../http/standing.js';
import type { OpenQueues } from '../queue/create-queues.js';
import type { Log } from '../telemetry/log.js';

export interface ServerName {
  readonly kind: ServerKind;
  /** Of the installation; of MLflow the first one that uses it. */
  readonly installation: string;
}

export interface ServerReport extends ServerName, ServerState {}

/** Keeps the state of each server. It hears of every request, and asks a server itself after a silence. */
export interface ServerWatch {
  /** @param ask see `StandingOptions.ask` */
  standingOf(server: ServerName, ask: () => Promise<unknown>): Standing;
  reports(): readonly ServerReport[];
  start(): void;
  stop(): void;
}

export interface ServerWatchOptions {
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
  /** Called when a server answers again, or for the first time: jobs may wait for it. What it returns is logged. */
  readonly onBack: (server: ServerName) => Promise<Readonly<Record<string, number>>>;
}

/** A server that was silent for this long, in ms, is asked. */
const silenceMs = 30_000;
const checkEveryMs = 10_000;

interface Watched {
  readonly server: ServerName;
  readonly standing: Standing;
  state: ServerState;
}

export function createServerWatch({ now, log, onBack }: ServerWatchOptions): ServerWatch {
  const watched: Watched[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** What is done for servers that came back, one at a time. */
  let work: Promise<void> = Promise.resolve();

  function learn(entry: Watched, sign: Sign): void {
    // Anything but a failed request says nothing about the server: the process is stopping.
    if (!sign.answers && !(sign.error instanceof HttpError)) return;
    const before = entry.state;
    const after = afterAnswer(before, sign.answers ? sign : troubleOf(sign.error), now());
    entry.state = after;
    const change = changeBetween(before.condition, after.condition);
    if (change === 'lost') sayLost(entry.server, after);
    else if (change !== undefined) work = work.then(() => welcome(entry.server, before, change));
  }

  function sayLost({ kind, installation }: ServerName, { condition, lastError }: ServerState): void {
    const facts = { server: kind, installation, why: lastError?.text };
    if (condition === 'refusing')
      log.warn(facts, 'the server refuses our requests: jobs wait until it accepts them');
    else log.warn(facts, 'the server is not available: jobs wait until it is');
  }

  async function welcome(server: ServerName, before: ServerState, change: 'met' | 'back'): Promise<void> {
    const facts = { server: server.kind, installation: server.installation };
    const awayForSeconds = Math.round((now() - before.since) / 1_000);
    try {
      const jobs = await onBack(server);
      if (change === 'back') log.info({ ...facts, awayForSeconds, ...jobs }, 'the server answers again');
      else log.debug({ ...facts, ...jobs }, 'the server answers');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const how = change === 'back' ? { ...facts, awayForSeconds, why } : { ...facts, why };
      log.warn(
        how,
        `the server answers${change === 'back' ? ' again' : ''}, but jobs that wait for it could not be brought forward`,
      );
    }
  }

  function check(): void {
    for (const { standing, state } of watched) {
      if (now() - (state.heardAt ?? Number.NEGATIVE_INFINITY) >= silenceMs) void standing.answers(now());
    }
  }

  return {
    standingOf: (server, ask) => {
      const entry: Watched = {
        server,
        standing: createStanding({ ask, now, onSign: (sign) => learn(entry, sign) }),
        state: { condition: 'unknown', since: now() },
      };
      watched.push(entry);
      return entry.standing;
    },
    reports: () => watched.map(({ server, state }) => ({ ...server, ...state })),
    start: () => {
      check();
      timer = setInterval(check, checkEveryMs);
    },
    stop: () => clearInterval(timer),
  };
}

function troubleOf(error: unknown): { answers: false; refuses: boolean; text: string } {
  const text = error instanceof Error ? error.message : String(error);
  return { answers: false, refuses: error instanceof HttpError && needsPerson(error), text };
}

/**
 * Watches the servers of a process that works. Once a server answers again, or for the first time since the start, jobs
 * that waited for it run, and jobs that failed because of it are retried; the log says how many of each.
 */
export function watchServers(
  installations: readonly Installation[],
  queues: Pick<OpenQueues, 'bringForward'>,
  log: Log,
): ServerWatch {
  async function onBack({ kind, installation }: ServerName): Promise<Readonly<Record<string, number>>> {
    const concerns = concernedBy({ kind, installation }, installations);
    const { delayed, failed } = await queues.bringForward({
      delayed: (_name, payload) => concerns(payload),
      failed: (_name, payload, reason) => concerns(payload) && mayBlameServer(reason, kind),
    });
    return { waited: delayed, retried: failed };
  }
  return createServerWatch({ now: Date.now, log, onBack });
}
