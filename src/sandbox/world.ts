import type { ActionReader } from './actions/read.js';
import { notFound } from './failure.js';
import type { IdSource } from './model/ids.js';
import type { Repository } from './model/repository.js';

/** An upload in parts, which large files are sent as. */
export interface PartialUpload {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

/** All that the sandbox knows and needs; handed to every route and operation. */
export interface World {
  readonly repositories: Map<string, Repository>;
  /** Namespaces ever used: lakeFS refuses them a second time, even after the repository is gone. */
  readonly usedNamespaces: Set<string>;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The user that commits. */
  readonly user: string;
  readonly installationId: string;
  readonly startedMs: number;
  /** What `{{ ENV.X }}` in action files reads. */
  readonly env: Readonly<Record<string, string>>;
  readonly ids: IdSource;
  readonly actions: ActionReader;
  /** Milliseconds since 1970. */
  now(): number;
  /** S3 uploads in parts, by their id. */
  readonly uploads: Map<string, PartialUpload>;
  /** Bearer tokens given out by the login. */
  readonly tokens: Set<string>;
  /** Deliveries under way; each removes itself. */
  readonly deliveries: Set<Promise<void>>;
}

export function repositoryOf(world: World, name: string): Repository {
  const repository = world.repositories.get(name);
  if (repository === undefined) throw notFound('repository not found');
  return repository;
}
