import type { Installations } from '../../config/installations.js';
import { versionFlag } from '../../contract/flags.js';
import type { Link, RunView } from '../../contract/run.js';
import type { UnpinnedReference } from '../../domain/links/links.js';
import {
  firstSight,
  isSettled,
  type Reading,
  type ReadReference,
  settle,
  tagDoubts,
  versionBefore,
} from '../../domain/links/readings.js';
import { literalPart } from '../../domain/paths/path.js';
import { readBranch } from './branch-reading.js';
import type { KnownInstallation, Resolution } from './resolve.js';

/** A reference by a branch or tag that is there. */
export interface NamedReference extends UnpinnedReference {
  readonly resolution: Extract<Resolution, { kind: 'tag' | 'branch' }>;
}

/**
 * Which commit a branch or tag stands for, where the run does not say itself at which commit it read it. Costs nothing for
 * a run that has ended and was checked after that.
 *
 * @param before the links that the same reference made earlier
 * @throws what the lakeFS client throws where the answer is not known
 */
export async function readNamed(
  run: RunView,
  { reference, installation, resolution }: NamedReference,
  before: readonly Link[],
  sources: { readonly installations: Installations<KnownInstallation>; readonly now: () => number },
): Promise<ReadReference> {
  const nowMs = sources.now();
  const known = sources.installations.named(installation);
  const version = await readVersion(run, reference, resolution, { known, before, nowMs });
  if (version !== undefined && 'commit' in version) {
    return { reference, installation, reading: version, settled: false };
  }
  const first = firstSight(before, () => true);
  const settled = first !== undefined && isSettled(run, first, nowMs);
  const read = async (): Promise<Reading> => {
    if (known === undefined)
      return { kind: 'none', reason: `no installation "${installation}" is configured` };
    if (settled) return { kind: 'none', reason: 'it was resolved after the run had ended' };
    return readNow(run, reference, resolution, { known, first, nowMs });
  };
  const reading = settle(run, first, await read(), nowMs);
  const unknown = version === undefined ? {} : { versionUnknown: version.reason };
  return { reference, installation, reading, settled, ...unknown };
}

/**
 * What the version of the table says that a run records beside a branch. It is evidence of its own: unlike the branch's
 * head, it may also be found when the run was checked before.
 */
async function readVersion(
  run: RunView,
  { address, version }: UnpinnedReference['reference'],
  resolution: NamedReference['resolution'],
  {
    known,
    before,
    nowMs,
  }: Pick<Reader, 'nowMs'> & { known: Reader['known'] | undefined; before: readonly Link[] },
): Promise<Reading | undefined> {
  if (version === undefined) return undefined;
  const found = versionBefore(before, version);
  if (found !== undefined || resolution.kind !== 'branch' || known === undefined) return found;
  const { repository, path } = address;
  const clock = { marginMs: known.settings.startMarginMs, nowMs };
  const place = { repository, name: resolution.name, path, version };
  const read = await known.facts.tables.read(run, place, clock);
  if (read.kind === 'unknown') return { kind: 'none', reason: read.reason };
  return { kind: 'resolved', commit: read.commit, flags: [versionFlag(version)] };
}

interface Reader {
  readonly known: KnownInstallation;
  readonly first: Link | undefined;
  readonly nowMs: number;
}

async function readNow(
  run: RunView,
  { address }: UnpinnedReference['reference'],
  resolution: NamedReference['resolution'],
  { known: { settings, facts }, first, nowMs }: Reader,
): Promise<Reading> {
  const { repository, ref } = address;
  const path = literalPart(address.path);
  if (resolution.kind === 'branch') {
    const clock = { marginMs: settings.startMarginMs, nowMs };
    return readBranch(run, { repository, name: resolution.name, path }, facts, clock);
  }
  const { commit } = resolution;
  // What follows counts at first sight only: what the tag leads to by now need not be what the run read.
  if (first !== undefined) return { kind: 'resolved', commit, flags: [] };
  if (path !== '' && !(await facts.holds(repository, commit, path))) {
    const reason = `tag "${ref}" of "${repository}" holds nothing at "${path}": it may be a plain bucket of that name`;
    return { kind: 'none', reason };
  }
  // lakeFS keeps no record of where a tag led before.
  const seconds = (await facts.commit(repository, commit))?.creation_date ?? 0;
  return { kind: 'resolved', commit, flags: tagDoubts(run, seconds) };
}
