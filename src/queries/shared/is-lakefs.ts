import type { ServerAccess } from '../../facts/links/access.js';
import { isRefusal } from '../../lakefs/errors.js';

/**
 * Asks every lakeFS for its version before many runs are judged by what it answers: something else than lakeFS under
 * lakeFS's address answers 404 to everything, which is no news of a repository.
 *
 * @throws what the client threw where not one of them answers as lakeFS does
 */
export async function checkLakefs({ installations }: ServerAccess): Promise<void> {
  const failures = await Promise.all(
    installations.map(async ({ lakefs }): Promise<unknown> => {
      try {
        await lakefs.version();
        return undefined;
      } catch (error) {
        // A user without the right to ask this has been understood by a lakeFS.
        return isRefusal(error) ? undefined : error;
      }
    }),
  );
  const [first] = failures;
  if (failures.length > 0 && failures.every((failure) => failure !== undefined)) throw first;
}
