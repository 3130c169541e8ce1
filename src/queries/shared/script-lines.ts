import { guideTag } from '../../contract/tags.js';
import { shellText } from '../../domain/common/text.js';
import { literalPart } from '../../domain/paths/path.js';
import type { Address } from '../../domain/references/address.js';
import { looksLikeCommit } from '../../domain/references/reference.js';
import { pythonText } from './python-text.js';

/** The lines to add to the training script; where the run names a branch, with its names filled in. */
export function scriptLines(hint: Address | undefined): readonly string[] {
  const repository = pythonText(hint?.repository ?? 'my-repository');
  const ref = refToRead(hint);
  return [
    'import lakefs  # pip install lakefs',
    `commit = lakefs.repository(${repository}).ref(${pythonText(ref)}).get_commit().id`,
    '# read the data from this address, and use it as the source of the dataset that you log:',
    `source = f${formatText(hint)}`,
    `mlflow.set_tags({"${guideTag.repo}": ${repository}, "${guideTag.commit}": commit})`,
  ];
}

/** What is staged has no commit. */
function refToRead(hint: Address | undefined): string {
  return hint === undefined || looksLikeCommit(hint.ref) ? 'main' : hint.ref.replace(/[@$]$/, '');
}

/** The line for a shell that declares the data of a script which stays as it is. */
export function launchLine(hint: Address | undefined): string {
  const place = [hint?.repository ?? 'my-repository', refToRead(hint), literalPart(hint?.path ?? '')];
  const data = shellText(place.filter((part) => part !== '').join('/'));
  return `lakefs-mlflow run --data ${data} -- python train.py`;
}

/** An f-string, in which braces of the path stand for themselves. */
function formatText(hint: Address | undefined): string {
  const { repository, path } = hint ?? { repository: 'my-repository', path: '' };
  return pythonText(`s3://${repository}/\0/${path.replace(/[{}]/g, '$&$&')}`).replace('\\u0000', '{commit}');
}

/** The lines that declare the data of an existing run. */
export function runLines(runId: string, hint: Address | undefined): readonly string[] {
  const set = (key: string, value: string): string =>
    `client.set_tag(${[runId, key, value].map(pythonText).join(', ')})`;
  return [
    'client = mlflow.MlflowClient()',
    set(guideTag.repo, hint?.repository ?? 'my-repository'),
    set(guideTag.commit, '<the full commit id>'),
  ];
}
