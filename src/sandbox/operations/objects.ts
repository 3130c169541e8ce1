import { ApiFailure, notFound } from '../failure.js';
import { type Entry, makeEntry, type NewEntry } from '../model/entry.js';
import { entryAt, RefInvalid, RefNotFound } from '../model/refs.js';
import { headOf, type Repository, refuseReadOnly } from '../model/repository.js';
import type { World } from '../world.js';
import { refuseProtected } from './shared.js';

export interface UploadConditions {
  /** If-None-Match: * */
  readonly onlyIfAbsent?: boolean;
  /** If-Match: the checksum that must be there. */
  readonly onlyIfChecksum?: string;
}

/** Stages an object on a branch. */
export function putObject(
  world: World,
  repository: Repository,
  branchName: string,
  path: string,
  content: NewEntry,
  conditions: UploadConditions = {},
): Entry {
  refuseReadOnly(repository);
  const branch = repository.branches.get(branchName);
  if (branch === undefined) throw notFound(`branch '${branchName}' not found`);
  refuseProtected(repository, branchName, 'write');
  const current = entryAt(repository, branchName, path);
  if (conditions.onlyIfAbsent === true && current !== undefined) {
    throw new ApiFailure(412, 'path already exists');
  }
  if (conditions.onlyIfChecksum !== undefined && current?.checksum !== conditions.onlyIfChecksum) {
    throw new ApiFailure(412, 'precondition failed');
  }
  const nowMs = world.now();
  const bucket = repository.storageNamespace.replace(/^\w+:\/\//, '');
  const address = `local:///block/${bucket}/data/${world.ids.next(nowMs)}/${world.ids.next(nowMs)}`;
  const entry = makeEntry(content, address, nowMs);
  branch.staged.set(path, entry);
  return entry;
}

/** Stages a removal; a path that is not there is no error. */
export function removeObject(repository: Repository, branchName: string, path: string): void {
  refuseReadOnly(repository);
  const branch = repository.branches.get(branchName);
  if (branch === undefined) throw notFound(`branch '${branchName}' not found`);
  refuseProtected(repository, branchName, 'write');
  if (headOf(repository, branch).tree.get(path) === undefined) branch.staged.delete(path);
  else branch.staged.set(path, null);
}

/** @throws ApiFailure 404 for a path or a ref that is not there */
export function readObject(repository: Repository, ref: string, path: string): Entry {
  try {
    const entry = entryAt(repository, ref, path);
    if (entry === undefined) throw notFound();
    return entry;
  } catch (error) {
    if (error instanceof RefNotFound) throw notFound();
    if (error instanceof RefInvalid) throw new ApiFailure(400, error.message);
    throw error;
  }
}
