import type { ServerResponse } from 'node:http';
import { type Commit, creationSeconds } from '../model/commit.js';
import type { Entry } from '../model/entry.js';
import type { Repository } from '../model/repository.js';

/** Writes JSON with lakeFS's headers: express would add a charset. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.end(JSON.stringify(body));
}

export function sendNothing(res: ServerResponse, status = 204): void {
  res.statusCode = status;
  res.end();
}

export function commitJson(commit: Commit): Record<string, unknown> {
  return {
    id: commit.id,
    parents: commit.parents,
    committer: commit.committer,
    message: commit.message,
    creation_date: creationSeconds(commit),
    meta_range_id: commit.tree.metaRangeId,
    metadata: commit.metadata,
    generation: commit.generation,
    version: 1,
  };
}

export function repositoryJson(repository: Repository): Record<string, unknown> {
  return {
    id: repository.id,
    storage_id: '',
    creation_date: Math.floor(repository.createdMs / 1000),
    default_branch: repository.defaultBranch,
    storage_namespace: repository.storageNamespace,
    read_only: repository.readOnly,
  };
}

export function objectJson(path: string, entry: Entry): Record<string, unknown> {
  return {
    path,
    path_type: 'object',
    physical_address: entry.physicalAddress,
    checksum: entry.checksum,
    size_bytes: entry.sizeBytes,
    mtime: Math.floor(entry.mtimeMs / 1000),
    metadata: entry.metadata,
    content_type: entry.contentType,
  };
}

/** A page in lakeFS's frame. `next_offset` is empty on the last one. */
export function pageJson(results: readonly unknown[], more: boolean, nextOffset: string) {
  return {
    pagination: {
      has_more: more,
      next_offset: more ? nextOffset : '',
      results: results.length,
      max_per_page: 1000,
    },
    results,
  };
}
