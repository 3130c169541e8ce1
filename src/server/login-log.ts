import { toLine } from '../domain/common/text.js';
import { createLineBudget } from '../telemetry/line-budget.js';
import type { Log } from '../telemetry/log.js';
import { nameIn } from './basic-login.js';

export interface LoginFacts {
  /** The Authorization header; only the name in it is logged. */
  readonly header: string;
  readonly address: string;
  /** A proxy that is not in TRUSTED_PROXIES forwarded this: everyone behind it shares one address. */
  readonly shared: boolean;
}

/**
 * Returns a function that logs failed logins: the name and the address, never the password. It writes a limited number of
 * lines a minute, for each address and in total.
 *
 * @param now ms, from any start
 */
export function createLoginLog(
  log: Log,
  now: () => number,
): (message: 'login failed' | 'logins limited', facts: LoginFacts) => void {
  const budgets = {
    'login failed': createLineBudget(now),
    'logins limited': createLineBudget(now, { perSender: 1 }),
  };
  return function tell(message, { header, address, shared }) {
    const line = budgets[message](address);
    if (line === undefined) return;
    const name = nameIn(header);
    log.warn(
      {
        ...(name !== undefined && { user: toLine(name.slice(0, 200), 100) }),
        from: address,
        ...(shared && {
          hint: 'a proxy forwarded this: add it to LAKEFS_MLFLOW_TRUSTED_PROXIES, so that each person behind it is limited separately',
        }),
        ...line,
      },
      message,
    );
  };
}
