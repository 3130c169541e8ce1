import { storable } from '../domain/common/text.js';

/** UTF-16 units of one text of a payload or an outcome; longer ones are cut. */
const maxText = 10_000;
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
