import { literalPart, pathForms } from '../../domain/paths/path.js';
import type { Reference } from '../../domain/references/reference.js';
import { isNotFound, LakefsError } from '../../lakefs/errors.js';
import type { AnswerSources } from './answer.js';
import type { Resolution } from './resolve.js';

/**
 * The reference with the path that lakeFS really holds, where the text may mean several keys (`pathForms`); as it is
 * where lakeFS holds none of them. A plain path costs nothing, any other one to eight requests.
 *
 * @throws what the lakeFS client throws where the answer is not known
 */
export async function settlePath(
  reference: Reference,
  resolution: Resolution,
  sources: AnswerSources,
): Promise<Reference> {
  const { repository, path } = reference.address;
  const forms = pathForms(path);
  if (forms.length === 1 || resolution.kind === 'none') return reference;
  const facts = sources.lakefs(resolution.installation);
  // A branch answers with what is staged on it, too.
  const at = resolution.kind === 'branch' ? resolution.name.base : resolution.commit;
  for (const form of forms) {
    const held = await facts?.holds(repository, at, literalPart(form)).catch((error: unknown) => {
      // A ref that is not there, or that lakeFS does not take for one.
      if (isNotFound(error) || (error instanceof LakefsError && error.status === 400)) return false;
      throw error;
    });
    if (held === true) return { ...reference, address: { ...reference.address, path: form } };
  }
  return reference;
}
