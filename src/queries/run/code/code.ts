import { deltaVersionIn, isVersionFlag, type VersionFlag } from '../../../contract/flags.js';
import { shown } from '../../../domain/common/text.js';
import { asDirectory } from '../../../domain/paths/path.js';
import type { ServerAccess } from '../../../facts/links/access.js';
import type { CommitAnswer } from '../../shared/schema.js';
import { certainty, shownCommit } from '../../shared/words.js';
import type { RunLineage } from '../schema.js';
import { guessForm, readForm } from './data-form.js';
import { pandasLines } from './pandas.js';
import type { Piece } from './piece.js';
import { sparkLines } from './spark.js';

/** The Python that loads exactly what the run read; undefined where nothing of it is known. */
export function codeText(pieces: readonly Piece[]): string | undefined {
  if (pieces.length === 0) return undefined;
  return [
    '# The keys are those of lakectl. If they are only in ~/.lakectl.yaml, set them in the environment.',
    '',
    '# --- pandas ---',
    ...pandasLines(pieces),
    '',
    '# --- Spark ---',
    ...sparkLines(pieces),
    '',
  ].join('\n');
}

/** Finds out what form the data has. Throws what the lakeFS client throws. */
export async function findPieces(lineage: RunLineage, access: ServerAccess): Promise<readonly Piece[]> {
  const { catalog, links } = lineage;
  const wanted: readonly Wanted[] =
    catalog === undefined
      ? links.map((link) => ({
          commit: link,
          path: link.path,
          version: link.flags.find(isVersionFlag),
          doubt: link.certain ? '' : ` (${link.kind}, ${certainty(link)})`,
        }))
      : catalog.candidates.map(({ path }) => ({ commit: catalog, path, version: undefined, doubt: '' }));
  const pieces = wanted.map((one) => pieceOf(one, access));
  return (await Promise.all(pieces)).flatMap((piece) => piece ?? []);
}

interface Wanted {
  readonly commit: CommitAnswer;
  readonly path: string;
  /** The flag of the version that was read. */
  readonly version: VersionFlag | undefined;
  readonly doubt: string;
}

async function pieceOf(
  { commit: at, path, version, doubt }: Wanted,
  { installations }: ServerAccess,
): Promise<Piece | undefined> {
  const { repository, commit, found } = at;
  const server = installations.named(at.installation ?? undefined);
  if (server === undefined) return undefined;
  const { endpoint } = server.settings.lakefs;
  const form = found ? await readForm(server.lakefs, repository, commit, path) : guessForm(path);
  const gone = found ? '' : ', no longer in lakeFS';
  const what = path === '' ? `all of ${shown(repository)}` : `${shown(path)} in ${shown(repository)}`;
  const comment = `${what} at ${shownCommit(at)}${version === undefined ? '' : `, ${shown(version)}`}${gone}${doubt}`;
  // S3 clients take a directory with or without its slash; a slash keeps its siblings of the same beginning out.
  const exact = form.directory && form.pattern === undefined ? asDirectory(path) : path;
  const deltaVersion = deltaVersionIn(version);
  const piece = { repository, commit, path: exact, form, endpoint, comment };
  return deltaVersion === undefined ? piece : { ...piece, deltaVersion };
}
