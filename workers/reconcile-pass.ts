import type { Moves } from '../src/domain/sync/reconcile.js';
import type { InstallationAccess } from '../src/facts/links/access.js';
import type { ServerFacts } from '../src/facts/links/server.js';
import type { LakefsRepository } from '../src/lakefs/types.js';
import type { Cause, JobPayloads, Queues } from '../src/queue/types.js';
import type { HeadsLook } from './reconcile-heads.js';
import type { ReconcileMemory } from './reconcile-memory.js';
import type { MissingCommit, Queued } from './reconcile-queue.js';

/** One look at one repository, with all that it was found to be. */
export interface Pass extends HeadsLook {
  readonly key: string;
  readonly payload: JobPayloads['reconcile-repository'];
  readonly there: LakefsRepository;
  readonly access: InstallationAccess;
  readonly facts: ServerFacts;
  readonly queues: Pick<Queues, 'addMany'>;
  readonly reconcileMemory: ReconcileMemory;
  /** The commit that each watched branch points to. */
  readonly heads: ReadonlyMap<string, string>;
  /** The same as of the last look at this very repository; as they are now where there was none. */
  readonly before: ReadonlyMap<string, string>;
  readonly moves: Moves;
  readonly queue: (commits: readonly MissingCommit[], cause: Cause) => Promise<Queued>;
}
