import { limits } from '../../contract/limits.js';
import { horizonPieceTag, isHorizonPiece, ourTag } from '../../contract/tags.js';

/** What a catalog experiment says about where its repository is followed from. */
export interface StoredHorizon {
  /** The branch heads of the first check, the default branch's first. Empty where none are stored. */
  readonly edge: readonly string[];
  /** True once the first check stored all that it had to store. */
  readonly sealed: boolean;
}

/** Databricks takes 1,000 tags per experiment. At 76 heads each, these hold 68,400. */
const maxPieces = 900;

/**
 * The edge as tags of the catalog experiment, in the order in which they must be written: pieces first, the seal last.
 *
 * Any part of an edge is safe to go on from: with fewer heads in it a walk goes further back, which registers more
 * commits than needed, never fewer. So an edge that was half written when the process died stays as it is; drawn again
 * at later heads it could cut off commits.
 *
 * @param heads full commit ids, the most important first
 * @param created when lakeFS made the repository, in Unix seconds: another repository of the same name has another edge
 */
export function edgePieces(heads: readonly string[], created: number): ReadonlyMap<string, string> {
  const pieces: string[] = [];
  let piece = String(created);
  for (const head of heads) {
    if (piece.length + 1 + head.length > limits.horizonPiece) {
      pieces.push(piece);
      piece = String(created);
    }
    piece += ` ${head}`;
  }
  pieces.push(piece);
  return new Map(pieces.slice(0, maxPieces).map((value, index) => [horizonPieceTag(index), value]));
}

/** The tag that is written when all pieces are. */
export function horizonSeal(created: number): readonly [string, string] {
  return [ourTag.horizon, String(created)];
}

/** Reads what `edgePieces` and `horizonSeal` wrote for this repository, and nothing that belongs to an earlier one. */
export function readHorizon(tags: ReadonlyMap<string, string>, created: number): StoredHorizon {
  const edge: string[] = [];
  const keys = [...tags.keys()].filter(isHorizonPiece);
  keys.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  for (const key of keys) {
    const [owner, ...heads] = (tags.get(key) ?? '').split(' ');
    if (owner === String(created)) edge.push(...heads.filter((head) => head !== ''));
  }
  return { edge: [...new Set(edge)], sealed: tags.get(ourTag.horizon) === String(created) };
}
