import { shown } from '../../../domain/common/text.js';
import { asDirectory } from '../../../domain/paths/path.js';
import { isVersionFlag } from '../../../domain/references/table-version.js';
import type { ServerAccess } from '../../../facts/links/access.js';
import { certainty } from '../../shared/evidence.js';
import type { CommitPlace } from '../../shared/types.js';
import { shownCommit } from '../../shared/words.js';
import type { Lineage } from '../types.js';
import { guessForm, readForm } from './data-form.js';
import { pandasLines } from './pandas.js';
import type { Piece } from './piece.js';
import { sparkLines } from './spark.js';

/** The Python that loads exactly what the run read; undefined where nothing of it is known. */
export function codeText(pieces: readonly Piece[]): string | undefined {
  if (pieces.length === 0) return undefined;
  return [
    '# The keys are those of lakectl: set them in the environment where they are only in ~/.lakectl.yaml.',
    '',
    '# --- pandas ---',
    ...pandasLines(pieces),
    '',
    '# --- Spark ---',
    ...sparkLines(pieces),
    '',
  ].join('\n');
}

/** Looks what form the data has. Throws what the lakeFS client throws. */
export async function findPieces(lineage: Lineage, access: ServerAccess): Promise<readonly Piece[]> {
  const { catalog, links } = lineage;
  const wanted =
    catalog === undefined
      ? links.map(({ link, place }) => ({
          place,
          path: link.path,
          version: link.flags.find(isVersionFlag),
          doubt: link.certain ? '' : ` (${link.kind}, ${certainty(link)})`,
        }))
      : catalog.candidates.map(({ path }) => ({ place: catalog.place, path, version: undefined, doubt: '' }));
  const pieces = wanted.map((one) => pieceOf(one, access));
  return (await Promise.all(pieces)).flatMap((piece) => piece ?? []);
}

interface Wanted {
  readonly place: CommitPlace;
  readonly path: string;
  /** The flag of the version that was read. */
  readonly version: string | undefined;
  readonly doubt: string;
}

async function pieceOf(
  { place, path, version, doubt }: Wanted,
  access: ServerAccess,
): Promise<Piece | undefined> {
  const { server, facts, repository, commit } = place;
  const client = access.installations.named(server?.installation)?.lakefs;
  if (server === undefined || client === undefined) return undefined;
  const form = facts === undefined ? guessForm(path) : await readForm(client, repository, commit, path);
  const gone = facts === undefined ? ', which lakeFS does not have now' : '';
  const what = path === '' ? `all of ${shown(repository)}` : `${shown(path)} in ${shown(repository)}`;
  const comment = `${what} at ${shownCommit(place)}${version === undefined ? '' : `, ${shown(version)}`}${gone}${doubt}`;
  // S3 clients take a directory with or without its slash; a slash keeps its siblings of the same beginning out.
  const exact = form.directory && form.pattern === undefined ? asDirectory(path) : path;
  const [, deltaVersion] = /^delta version (\d+)$/.exec(version ?? '') ?? [];
  const piece = { repository, commit, path: exact, form, endpoint: server.endpoint, comment };
  return deltaVersion === undefined ? piece : { ...piece, deltaVersion };
}
