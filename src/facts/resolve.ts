import type { Installation } from '../config/types.js';
import { matches } from '../domain/globs.js';
import { looksLikeCommit, type Reference } from '../domain/reference.js';
import type { LakefsFacts } from './lakefs-facts.js';

/** One installation as the resolver sees it. */
export interface KnownInstallation {
  readonly settings: Installation;
  readonly facts: LakefsFacts;
}

export type Verdict =
  | { readonly kind: 'commit'; readonly installation: string; readonly commit: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Beside the verdicts: a ref of a repository of ours that is no commit id. What else the run says may pin it. */
export type Resolution =
  | Verdict
  | { readonly kind: 'ref'; readonly installation: string; readonly reason: string };

/**
 * Finds out which commit a reference names. An address is a lakeFS reference only if the repository is one of ours
 * and the ref is there: a plain bucket is never claimed.
 *
 * @param experiment the name of the run's experiment
 * @throws what the lakeFS client throws where the answer is not known: unknown is not false
 */
export async function resolveReference(
  reference: Reference,
  experiment: string,
  installations: readonly KnownInstallation[],
): Promise<Resolution> {
  const { address, host } = reference;
  const candidates = installations.filter(
    ({ settings }) =>
      matches(settings.repositories, address.repository) &&
      matches(settings.experiments, experiment) &&
      (host === undefined || hostsOf(settings).has(host)),
  );
  if (candidates.length === 0) {
    return none(
      host === undefined
        ? `"${address.repository}" is not a repository that is watched for this experiment`
        : `${host} is not a lakeFS server of ours`,
    );
  }
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const verdict = await resolveIn(reference, candidate);
    if (verdict.kind !== 'none') return verdict;
    reasons.push(verdict.reason);
  }
  return none([...new Set(reasons)].join('; '));
}

async function resolveIn(reference: Reference, { settings, facts }: KnownInstallation): Promise<Resolution> {
  const { repository, ref } = reference.address;
  if ((await facts.repository(repository)) === undefined) {
    return none(`lakeFS ${settings.lakefs.endpoint} has no repository "${repository}"`);
  }
  if (!looksLikeCommit(ref)) {
    const reason = `"${ref}" is not a commit id: a branch or tag moves, so which commit was read is not certain`;
    return { kind: 'ref', installation: settings.name, reason };
  }
  const commit = await facts.commit(repository, ref);
  if (commit === undefined) return none(`repository "${repository}" has no commit ${ref}`);
  // A branch that is named like the beginning of its head's id is a branch all the same: lakeFS takes names first.
  if (!commit.id.startsWith(ref) || (ref !== commit.id && (await facts.branches(repository)).includes(ref))) {
    const reason = `"${ref}" is the name of a branch or tag, not a commit id`;
    return { kind: 'ref', installation: settings.name, reason };
  }
  return { kind: 'commit', installation: settings.name, commit: commit.id };
}

/** The hosts, with ports where not the default, whose http(s) addresses name this lakeFS. */
export function hostsOf(settings: Installation): ReadonlySet<string> {
  const { endpoint, publicUrl, hosts, s3Domains } = settings.lakefs;
  const own = [endpoint, publicUrl].map((url) => new URL(url).host);
  return new Set([...own, ...hosts.map(asHost), ...s3Domains.map(asHost)]);
}

/** As a host is written in an address: in lower case; the usual port of a scheme is left out there. */
function asHost(given: string): string {
  const host = given.toLowerCase();
  return host.replace(/:(?:80|443)$/, '');
}

function none(reason: string): Verdict {
  return { kind: 'none', reason };
}
