import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutEndSlashes } from '../../domain/paths/path.js';
import { isNotFound } from '../../lakefs/errors.js';
import type { LakefsClient } from '../../lakefs/types.js';
import { CliError } from '../output.js';

/** The repository of lakeFS's MLflow guide. */
const wanted = 'mlflow-tracking';

export interface DemoRepository {
  readonly name: string;
  readonly isNew: boolean;
}

/**
 * The repository that an earlier start created on this lakeFS, or a new one: `mlflow-tracking`, with a number appended
 * if that name is taken. Its name is kept in a file in `folder`.
 *
 * @param namespace where lakeFS is to keep its data, such as `s3://bucket/prefix`; undefined for its own disk
 */
export async function findRepository(
  lakefs: LakefsClient,
  folder: string,
  namespace: string | undefined,
): Promise<DemoRepository> {
  const file = join(folder, 'repository.txt');
  const earlier = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (earlier !== '' && (await exists(lakefs, earlier))) return { name: earlier, isNew: false };
  let name = wanted;
  for (let number = 2; await exists(lakefs, name); number++) name = `${wanted}-${number}`;
  // lakeFS never accepts a namespace twice, not even that of a deleted repository.
  const unique = `${name}-${Date.now().toString(36)}`;
  try {
    await lakefs.createRepository({
      name,
      storage_namespace:
        namespace === undefined ? `local://${unique}` : `${withoutEndSlashes(namespace)}/${unique}`,
      default_branch: 'main',
    });
  } catch (error) {
    if (namespace !== undefined) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `${why}. If this lakeFS keeps its data in a bucket, name a place in it with --storage-namespace s3://BUCKET/PREFIX`,
    );
  }
  writeFileSync(file, `${name}\n`);
  return { name, isNew: true };
}

async function exists(lakefs: LakefsClient, name: string): Promise<boolean> {
  try {
    await lakefs.getRepository(name);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
