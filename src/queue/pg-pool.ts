import type { createPostgresBackend } from 'bullmq';

type ConnectionOf<F> = F extends (name: string, options: infer O, ...rest: never[]) => unknown
  ? O extends { connection: infer C }
    ? C
    : never
  : never;

/** What BullMQ takes for a pool of PostgreSQL connections: pg's own, or anything that behaves like it. */
export type PgPool = Extract<
  ConnectionOf<typeof createPostgresBackend>,
  { connect: () => Promise<unknown>; query: unknown; end: unknown }
>;
export type PgClient = Awaited<ReturnType<PgPool['connect']>>;

/** BullMQ's schema for a pool that is handed in. */
export const pgSchema = 'bullmq';
