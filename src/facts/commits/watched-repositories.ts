import { matches } from '../../domain/common/globs.js';
import type { InstallationAccess } from '../links/access.js';

/** A request per 1,000 repositories; a new one is found here. Throws what the lakeFS client throws. */
export async function watchedRepositories({
  settings,
  lakefs,
}: InstallationAccess): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { id } of lakefs.repositories()) if (matches(settings.repositories, id)) names.push(id);
  return names;
}
