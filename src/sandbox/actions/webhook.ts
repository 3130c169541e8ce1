import { type Action, type Hook, InvalidAction } from './action.js';

/** A webhook with everything from the environment filled in. */
export interface Webhook {
  readonly url: string;
  readonly timeoutMs: number;
  readonly query: readonly Value[];
  readonly headers: readonly Value[];
}

export interface Value {
  readonly name: string;
  readonly text: string;
  /** From the environment: shown as `*******` in the log. */
  readonly secret: boolean;
}

const envPrefix = 'LAKEFSACTION_';
const unitMs = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 };

/**
 * @param env what `{{ ENV.X }}` reads; names without the prefix LAKEFSACTION_ read as empty
 * @throws InvalidAction for an unset variable with the prefix, or a timeout that is no Go duration
 */
export function prepareWebhook(action: Action, hook: Hook, env: Readonly<Record<string, string>>): Webhook {
  const { url, timeout, query_params: query, headers } = hook.properties;
  return {
    url: String(url),
    // A timeout that is not a string, such as `30`, is silently ignored by lakeFS.
    timeoutMs: typeof timeout === 'string' ? durationMs(timeout) : 60_000,
    query: values(query).map(([name, text]) => fillIn(name, text, env)),
    headers: values(headers).map(([name, text]) => {
      if (typeof text !== 'string')
        throw new InvalidAction(`action '${action.name}': header ${name} is no string`);
      return fillIn(name, text, env);
    }),
  };
}

function values(map: unknown): [string, unknown][] {
  if (typeof map !== 'object' || map === null) return [];
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]): [string, unknown][] =>
      Array.isArray(value) ? value.map((one): [string, unknown] => [name, one]) : [[name, value]],
    );
}

function fillIn(name: string, raw: unknown, env: Readonly<Record<string, string>>): Value {
  let secret = false;
  const text = String(raw ?? '').replace(/\{\{ ?ENV\.(\w+) ?\}\}/g, (_, variable: string) => {
    secret = true;
    if (!variable.startsWith(envPrefix)) return '';
    const value = env[variable];
    if (value === undefined)
      throw new InvalidAction(`reading header: ${variable} not found: missing env var`);
    return value;
  });
  return { name, text, secret };
}

/** A Go duration such as `1m30s`, in ms; 0 means no limit. */
function durationMs(text: string): number {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(h|ms|us|µs|ns|m|s))+$/.test(text))
    throw new InvalidAction(`invalid duration "${text}"`);
  let total = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]{1,20})(h|ms|us|µs|ns|m|s)/g)) {
    total += Number(count) * (isUnit(unit) ? unitMs[unit] : 0);
  }
  return total;
}

function isUnit(text: string | undefined): text is keyof typeof unitMs {
  return text !== undefined && text in unitMs;
}
