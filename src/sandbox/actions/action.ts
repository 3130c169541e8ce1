import type { EventType } from './event.js';

/** A parsed action file. */
export interface Action {
  readonly name: string;
  /** Event to its branch patterns; none means every branch. */
  readonly on: ReadonlyMap<EventType, readonly string[]>;
  readonly hooks: readonly Hook[];
}

export interface Hook {
  readonly id: string;
  readonly type: 'webhook' | 'airflow' | 'lua';
  /** The `if` expression; empty means `success()`. */
  readonly condition: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** An action file or a set of them that lakeFS refuses. */
export class InvalidAction extends Error {
  override readonly name = 'InvalidAction';
}
