import type { Link } from '../../contract/run.js';
import { shellText } from '../../domain/common/shell-text.js';
import { shown } from '../../domain/common/text.js';
import { literalPart } from '../../domain/paths/path.js';
import type { Address } from '../../domain/references/address.js';
import { looksLikeCommit } from '../../domain/references/reference.js';
import { type Block, code, gap, text, title } from '../shared/blocks.js';
import { shownSource } from '../shared/words.js';
import { pythonText } from './code/python-text.js';
import type { FoundLink, Lineage, LookedAt } from './types.js';

/** What is said where nothing is known: what was looked at, and the lines that would have made it known. */
export function mending(lineage: Lineage): readonly Block[] {
  const { references, run, hint } = lineage;
  return [
    text('It is not known what data of lakeFS this run read.'),
    gap,
    title('Looked at'),
    ...looked(references),
    gap,
    title('To make it known from the next run on, add to the training script'),
    code(scriptLines(hint)),
    gap,
    title('For this run, if you know the commit'),
    code(runLines(run.id, hint)),
  ];
}

/** The lines that make it certain from the next run on, where a link is by a branch. */
export function mendingUnsure({ links }: Lineage): readonly Block[] {
  const unsure = unsureLink(links);
  if (unsure === undefined) return [];
  return [
    gap,
    title('To make it certain from the next run on, add to the training script'),
    code(scriptLines(addressOf(unsure))),
  ];
}

/** A link that only a branch's history speaks for. */
export function unsureLink(links: readonly FoundLink[]): Link | undefined {
  return links.map(({ link }) => link).find(({ kind }) => kind === 'inferred' || kind === 'ambiguous');
}

export function addressOf({ repository, ref, path }: Link): Address {
  return { repository, ref, path };
}

function looked(references: readonly LookedAt[]): readonly Block[] {
  const inputs = references.some(({ where }) => where === 'input');
  const tags = references.some(({ where }) => where === 'tag');
  return [
    ...references.map((reference) => text(lookedLine(reference))),
    ...(inputs ? [] : [text('- dataset inputs: the run logged none')]),
    ...(tags ? [] : [text('- tags: neither lakefs_commit nor another that names data of lakeFS is there')]),
  ];
}

function lookedLine(reference: LookedAt): string {
  const { verdict, text: said } = reference;
  const reason = verdict.kind === 'none' ? `: ${shown(verdict.reason)}` : '';
  const value = reference.address === undefined && reference.where === 'input' ? '' : ` ${shown(said)}`;
  return `- ${shownSource(reference)}${value}${reason}`;
}

/** The lines to add to the training script; where the run names a branch, with its names filled in. */
export function scriptLines(hint: Address | undefined): readonly string[] {
  const repository = pythonText(hint?.repository ?? 'my-repository');
  const ref = refToRead(hint);
  const source =
    hint === undefined || hint.path === ''
      ? []
      : ['# as the source of the dataset that is logged:', `source = f${formatText(hint)}`];
  return [
    'import lakefs  # pip install lakefs',
    '# read the data at this commit:',
    `commit = lakefs.repository(${repository}).ref(${pythonText(ref)}).get_commit().id`,
    ...source,
    `mlflow.set_tags({"lakefs_repo": ${repository}, "lakefs_commit": commit})`,
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
function formatText({ repository, path }: Address): string {
  return pythonText(`s3://${repository}/\0/${path.replace(/[{}]/g, '$&$&')}`).replace('\\u0000', '{commit}');
}

/** The lines that say it of a run which is there already. */
export function runLines(runId: string, hint: Address | undefined): readonly string[] {
  const set = (key: string, value: string): string =>
    `client.set_tag(${[runId, key, value].map(pythonText).join(', ')})`;
  return [
    'client = mlflow.MlflowClient()',
    set('lakefs_repo', hint?.repository ?? 'my-repository'),
    set('lakefs_commit', '<the full commit id>'),
  ];
}
