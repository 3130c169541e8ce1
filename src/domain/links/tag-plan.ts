import { diffTags, type TagDiff } from '../../contract/diff-tags.js';
import { flags } from '../../contract/flags.js';
import { limits } from '../../contract/limits.js';
import { type LinksTag, writeLinksTag } from '../../contract/links-tag.js';
import type { Link, RunView } from '../../contract/run.js';
import {
  type GuideTag,
  guideTag,
  guideTags,
  inputCountTag,
  inputTag,
  isGuideLike,
  isInputCount,
  maybeTag,
  ourTag,
  parseCommitKey,
} from '../../contract/tags.js';
import {
  commitText,
  evidenceKinds,
  type LinkStatus,
  linkStatuses,
  statusRules,
} from '../../contract/words.js';
import { hasStatus, isGuess } from './readings.js';

export interface LinkFacts {
  /** The branch that the guide's tag names, undefined where no watched branch holds the commit. */
  readonly branch: string | undefined;
  /** `unknown`: what the run's tags say of it stays. */
  readonly status: LinkStatus | 'unknown';
  /** `<repository>/<branch>@<commit12>` of the commit that made the status. */
  readonly because?: string;
  /** True where the data is current in other files. */
  readonly rewritten?: boolean;
}

/**
 * Plans the tags of a run that consumed data. Touches only the closed list of design contract "tags on a
 * consumer's run": never a user's value, and guide tags only on a run that has ended, because the guide logs its
 * dataset before its tags.
 */
export function planTags(run: RunView, links: readonly Link[], factsOf: (link: Link) => LinkFacts): TagDiff {
  const before = run.tags.linksTag;
  const wanted = new Map<string, string>();
  const wrote = guidePlan(run, links, before, factsOf, wanted);
  if (links.length > 0) {
    addInputTags(run, links, before, wanted);
    addVerdict(run, links, before, factsOf, wanted);
    const flagged = links.map((link) => withRewritten(link, factsOf(link), before.links));
    wanted.set(ourTag.links, writeLinksTag(flagged, wrote));
  }
  return diffTags(run.tags, wanted, { mayRemove: (key, value) => isOurs(key, value, before) });
}

/** The flag follows the data, as the status does: where nothing is known of it now, it stays. */
function withRewritten(link: Link, { status, rewritten }: LinkFacts, before: readonly Link[]): Link {
  const others = link.flags.filter((flag) => flag !== flags.rewritten);
  const isSame = (other: Link): boolean =>
    (['installation', 'repository', 'commit', 'path', 'where', 'name'] as const).every(
      (key) => other[key] === link[key],
    );
  const was = before.some((other) => isSame(other) && other.flags.includes(flags.rewritten));
  const is = status === 'unknown' ? was : rewritten === true && hasStatus(link);
  return { ...link, flags: is ? [...others, flags.rewritten] : others };
}

/** The plan in words: the keys that are set, then those that go. */
export function describePlan({ set, remove }: TagDiff): string {
  return [...[...set.keys()].sort(), ...remove.map((key) => `without ${key}`)].join(', ');
}

/** Fills in the guide's tags that we may write, and answers with those that are ours. */
function guidePlan(
  run: RunView,
  links: readonly Link[],
  before: LinksTag,
  factsOf: (link: Link) => LinkFacts,
  wanted: Map<string, string>,
): LinksTag['wrote'] {
  const [first, ...others] = links;
  const several = first === undefined || others.some((link) => commitText(link) !== commitText(first));
  if (several || links.some(isGuess)) {
    return keptRepository(run, links, before, wanted);
  }
  const values: Record<GuideTag, string | undefined> = {
    [guideTag.repo]: first.repository,
    [guideTag.branch]: factsOf(first).branch ?? labelBefore(first, before),
    [guideTag.commit]: first.commit,
  };
  const users = (key: GuideTag): string | undefined => usersValue(run, before, key);
  const contradicts = (key: GuideTag): boolean => users(key) !== undefined && users(key) !== values[key];
  // A pair of our commit and the user's own repository, or the reverse, would name something that is not there.
  if (contradicts(guideTag.repo) || contradicts(guideTag.commit)) {
    return keptRepository(run, links, before, wanted);
  }
  const ours: Partial<Record<GuideTag, string>> = {};
  for (const key of guideTags) {
    const value = values[key];
    if (value === undefined || users(key) !== undefined) continue;
    if (!run.terminal && run.tags.get(key) !== value) continue;
    ours[key] = value;
    wanted.set(key, value);
  }
  return ours;
}

/**
 * A `lakefs_repo` of ours stays as long as a user's own `lakefs_commit` (or another of the guide's) stands beside it and
 * is read with it: without it the user's declaration would name no commit any more.
 */
function keptRepository(
  run: RunView,
  links: readonly Link[],
  before: LinksTag,
  wanted: Map<string, string>,
): LinksTag['wrote'] {
  const repository = before.wrote[guideTag.repo];
  if (repository === undefined || run.tags.get(guideTag.repo) !== repository) return {};
  const leansOnIt = links.some(
    (link) => link.where === 'tag' && isGuideLike(link.name) && link.repository === repository,
  );
  if (!leansOnIt) return {};
  wanted.set(guideTag.repo, repository);
  return { [guideTag.repo]: repository };
}

/** A guide tag that still has the value that we gave it is ours. */
function usersValue(run: RunView, before: LinksTag, key: GuideTag): string | undefined {
  const value = run.tags.get(key);
  return value === before.wrote[key] ? undefined : value;
}

/** A label is set once: that no branch can be found now proves nothing about the one that held the commit. */
function labelBefore(link: Link, before: LinksTag): string | undefined {
  const known = before.links.some((other) => commitText(other) === commitText(link));
  return known ? before.wrote[guideTag.branch] : undefined;
}

function addInputTags(
  run: RunView,
  links: readonly Link[],
  before: LinksTag,
  wanted: Map<string, string>,
): void {
  const sure = links.filter((link) => !isGuess(link));
  const commits = distinctCommits(sure);
  const only = commits.length === 1 ? commits[0] : undefined;
  // A tag of ours that is not wanted any more goes with this plan, and says nothing then.
  const after = (key: GuideTag): string | undefined => wanted.get(key) ?? usersValue(run, before, key);
  const said = after(guideTag.commit);
  const repository = after(guideTag.repo);
  const guideSaysIt = only !== undefined && said === only.commit && repository === only.repository;
  if (!guideSaysIt) {
    for (const link of commits.slice(0, limits.inputTags)) wanted.set(inputTag(link), link.commit);
    for (const [name, count] of countByRepository(commits)) wanted.set(inputCountTag(name), String(count));
    if (commits.length > limits.inputTags) wanted.set(ourTag.inputsTotal, String(commits.length));
  }
  for (const link of distinctCommits(links.filter((one) => isGuess(one) && one.kind !== 'ambiguous'))) {
    wanted.set(maybeTag(link), link.commit);
  }
}

function addVerdict(
  run: RunView,
  links: readonly Link[],
  before: LinksTag,
  factsOf: (link: Link) => LinkFacts,
  wanted: Map<string, string>,
): void {
  const weakest = links.reduce((most, link) => Math.max(most, evidenceKinds.indexOf(link.kind)), 0);
  wanted.set(ourTag.evidence, evidenceKinds[weakest] ?? 'ambiguous');
  const judged = links.filter(hasStatus).map(factsOf);
  // Only what is known to be better again may take a status away.
  const said = before.ours ? run.tags.get(ourTag.status) : undefined;
  const kept = judged.some(({ status }) => status === 'unknown') ? said : undefined;
  const worst = linkStatuses.find(
    (status) => status === kept || judged.some((facts) => facts.status === status),
  );
  if (worst === undefined) return;
  wanted.set(ourTag.status, worst);
  const reasons = judged.flatMap(({ status, because = '' }) => (status === worst ? [because] : []));
  // Where the reason lies too far back to be found, the one that was found in time still holds.
  const earlier = said === worst ? run.tags.get(ourTag.because) : undefined;
  const because = reasons.filter((text) => text !== '').sort()[0] ?? earlier;
  if (because !== undefined && statusRules[worst].because) wanted.set(ourTag.because, because);
}

const verdictKeys: readonly string[] = [
  ourTag.evidence,
  ourTag.status,
  ourTag.because,
  ourTag.links,
  ourTag.inputsTotal,
];

/** True for a tag that only we write: the closed list, with values of the form that we give them. */
function isOurs(key: string, value: string, before: LinksTag): boolean {
  if (verdictKeys.includes(key)) {
    // Without our list of links these keys are somebody else's.
    return before.ours;
  }
  const guide = guideTags.find((tag) => tag === key);
  if (guide !== undefined) return before.wrote[guide] === value;
  const named = parseCommitKey(key);
  if (named?.kind === 'input' || named?.kind === 'maybe')
    return /^[0-9a-f]{64}$/.test(value) && value.startsWith(named.commit12);
  return isInputCount(key) && /^\d+$/.test(value) && before.ours;
}

function distinctCommits(links: readonly Link[]): readonly Link[] {
  return [...new Map(links.map((link) => [commitText(link), link])).values()];
}

function countByRepository(links: readonly Link[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { repository } of links) counts.set(repository, (counts.get(repository) ?? 0) + 1);
  return counts;
}
