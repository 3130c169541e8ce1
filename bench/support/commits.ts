import { createLakefsClient } from '../../src/lakefs/client.js';
import type { LakefsServer } from './servers.js';
import type { ReadCommit } from './trained-runs.js';

export function lakefsClient({ url, accessKeyId, secretAccessKey }: LakefsServer) {
  return createLakefsClient({ endpoint: url, accessKeyId, secretAccessKey });
}

/** A new repository with so many commits on `main`, each of which writes one object of the guide's dataset. */
export async function makeCommits(
  server: LakefsServer,
  repository: string,
  count: number,
): Promise<readonly ReadCommit[]> {
  const lakefs = lakefsClient(server);
  await lakefs.createRepository({ name: repository, storage_namespace: `local://${repository}` });
  const commits: ReadCommit[] = [];
  for (let n = 0; n < count; n += 1) commits.push(await commitOnce(server, repository, n));
  return commits;
}

/** One more commit on `main`. */
export async function commitOnce(server: LakefsServer, repository: string, n: number): Promise<ReadCommit> {
  const lakefs = lakefsClient(server);
  await lakefs.uploadObject(repository, 'main', `gold/train_v2/part-${n}.parquet`, `content ${n}`);
  const { id } = await lakefs.commit(repository, 'main', { message: `Add part ${n} to the training data` });
  return { repository, commit: id };
}
