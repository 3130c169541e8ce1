import { randomUUID } from 'node:crypto';
import { type RealMlflow, realServers } from '../servers/real-servers.js';

/** A name that nobody else uses on the shared server. */
export function unique(what: string): string {
  return `${what}-${randomUUID().slice(0, 8)}`;
}

/** Pairs as MLflow has them. */
export function pairs(values: Record<string, string>): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** MLflow's pairs as an object. */
export function byKey<T>(list: readonly { key: string; value: T }[] | undefined): Record<string, T> {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, value]));
}

/** The newest release, and the older one where it is installed. */
export function releases(): RealMlflow[] {
  const { mlflow, mlflowOlder } = realServers();
  return mlflowOlder === null ? [mlflow] : [mlflow, mlflowOlder];
}
