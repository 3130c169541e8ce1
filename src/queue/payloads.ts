import { Ajv, type ValidateFunction } from 'ajv';
import type { Failure } from '../domain/common/failure.js';
import { storable } from '../domain/common/text.js';
import { jobKinds } from './jobs.js';
import type { JobName, JobPayloads } from './types.js';

/** UTF-16 units of one text: what we store is cut to this, so a longer one is not ours, and checking it would take long. */
const maxText = 10_000;

/** The newest version of each payload that this release knows. */
const knownVersion = 1;

export interface PayloadReader {
  /** Returns the payload, or throws `InvalidPayloadError` with everything that is wrong. */
  read<N extends JobName>(name: N, data: unknown): JobPayloads[N];
}

export function createPayloadReader(): PayloadReader {
  const ajv = new Ajv({ allErrors: true });
  const checks: { readonly [N in JobName]: ValidateFunction<JobPayloads[N]> } = {
    'register-commit': ajv.compile<JobPayloads['register-commit']>(jobKinds['register-commit'].schema),
    'link-run': ajv.compile<JobPayloads['link-run']>(jobKinds['link-run'].schema),
    'sweep-runs': ajv.compile<JobPayloads['sweep-runs']>(jobKinds['sweep-runs'].schema),
    'reconcile-repository': ajv.compile<JobPayloads['reconcile-repository']>(
      jobKinds['reconcile-repository'].schema,
    ),
  };
  return {
    read(name, data) {
      const check: ValidateFunction<JobPayloads[typeof name]> = checks[name];
      if (hasLongText(data)) {
        throw new InvalidPayloadError(
          `the payload of ${name} is not valid: a text in it is longer than ${maxText} characters`,
        );
      }
      if (check(data)) return data;
      const version = versionOf(data);
      if (version !== undefined && version > knownVersion) {
        throw new InvalidPayloadError(
          `this release knows version ${knownVersion} of the payload of ${name}, and this one is version ` +
            `${version}: upgrade this process, then retry the job`,
        );
      }
      throw new InvalidPayloadError(
        `the payload of ${name} is not valid: ${ajv.errorsText(check.errors ?? null, { dataVar: 'payload' })}`,
      );
    },
  };
}

/** Payloads are flat, but for one part that is flat itself. */
function hasLongText(data: unknown, depth = 2): boolean {
  if (typeof data === 'string') return data.length > maxText;
  if (typeof data !== 'object' || data === null || depth === 0) return false;
  return Object.values(data).some((value) => hasLongText(value, depth - 1));
}

function versionOf(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null || !('v' in data)) return undefined;
  return typeof data.v === 'number' ? data.v : undefined;
}

/** A payload that does not fit the schema of its job: written by a newer release, by hand, or a bug. */
class InvalidPayloadError extends Error {
  override readonly name = 'InvalidPayloadError';
  readonly failure: Failure = { kind: 'permanent' };
}

const maxReason = 2_000;
const maxStack = 10_000;

/**
 * A plain value whose every text a store takes: PostgreSQL refuses a NUL, and JSON with half a surrogate pair in it. A
 * job whose reason or outcome is refused would stay active until its lock runs out, and lose what it had to say.
 */
export function storableValue<T>(value: T): T;
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value, maxText);
  if (Array.isArray(value)) return value.map((entry) => storableValue(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [storable(key, maxText), storableValue(entry)]),
  );
}

/** Why a job failed, as it can be stored. */
export function storableReason(error: unknown): string {
  return storable(error instanceof Error ? error.message : String(error), maxReason);
}

/** Gives an error of ours the stack of its cause, which says more on the dashboard, as it can be stored. */
export function withStackOf<E extends Error>(error: E, cause: unknown): E {
  const stack = cause instanceof Error ? (cause.stack ?? error.stack) : error.stack;
  error.stack = storable(stack ?? '', maxStack);
  return error;
}
