import { count, shown } from '../../domain/common/text.js';
import { type Block, field, gap, text, title } from '../shared/blocks.js';
import { hasAlias } from '../shared/consumers.js';
import { scanCoverageBlocks } from '../shared/scan-coverage.js';
import {
  branchFields,
  commitDetails,
  linkFields,
  listFields,
  numberText,
  readByText,
  shownCommit,
  shownPath,
  shownRun,
  shownVersion,
} from '../shared/words.js';
import type { Impact } from './impact.js';
import type { Hit } from './schema.js';
import { shownReach } from './words.js';

/** More than these per group are counted, and all are in the JSON and the CSV. */
const maxShown = 10;
const maxPaths = 8;

/** The answer for people: what matters first. */
export function impactBlocks(impact: Impact): readonly Block[] {
  const { hits, maybe, spared, looked } = impact.answer;
  const nothing = whyNothing(impact);
  if (nothing !== undefined) return [...head(impact), gap, text(nothing)];
  const alias = hits.filter(hasAlias);
  const models = hits.filter((hit) => hit.versions.length > 0 && !hasAlias(hit));
  const runs = hits.filter(({ versions }) => versions.length === 0);
  return [
    ...head(impact),
    gap,
    text(summary(hits)),
    ...group('Models with an alias', alias, impact),
    ...group('Other model versions', models, impact),
    ...group('Runs without a registered model', runs, impact),
    ...group('Possibly affected: they read later versions', maybe, impact),
    gap,
    ...(spared === 0
      ? []
      : [text(`Not counted: ${count(spared, 'run')} that read the same paths after it was undone.`)]),
    ...limits(impact),
    ...scanCoverageBlocks(looked),
  ];
}

function head({ answer, change }: Impact): readonly Block[] {
  const { commit, changed, branches, limits } = answer;
  const paths = change.kind === 'path' ? [] : changed.map(shownPath);
  return [
    title(headline({ answer, change })),
    ...commitDetails(commit),
    ...listFields('changed', paths, maxPaths, 'more path'),
    ...branchFields(branches, limits.branches),
  ];
}

/** `Impact of a commit of images: 1a2b3c4d5e6f on main: Add labels`. */
function headline({ answer: { commit, ref, path }, change }: Impact): string {
  const repository = shown(commit.repository);
  switch (change.kind) {
    case 'commit':
      return `Impact of a commit of ${repository}: ${shownCommit(commit)}`;
    case 'branch':
    case 'default':
      return `Impact of branch ${shown(ref)} of ${repository}`;
    case 'path':
      return `Impact of ${shown(path)} of ${repository} at ${shownCommit(commit)}`;
  }
}

/** Where there is nothing that a run could have read. */
function whyNothing({ change, answer: { ref } }: Impact): string | undefined {
  const { kind, own, cut, repository, tip, changed } = change;
  if (kind === 'branch' && own.size === 0) {
    if (cut)
      return `Branch ${shown(ref)} began before the oldest commit that was read, so its impact is unknown.`;
    return `Branch ${shown(ref)} has no commits of its own. For the commit that it points to: lakefs-mlflow impact ${repository}/${tip}`;
  }
  if (kind === 'default' || changed.length > 0) return undefined;
  const nothing = 'It changed no data, so no run is affected.';
  return kind === 'commit'
    ? `${nothing} To see who read the commit: lakefs-mlflow lineage ${repository}/${tip}`
    : nothing;
}

function summary(hits: readonly Hit[]): string {
  if (hits.length === 0) return 'No known run has read it.';
  const versions = hits.flatMap((hit) => hit.versions);
  if (versions.length === 0) return `${readByText(hits)}.`;
  const withAlias = versions.filter(({ aliases }) => aliases.length > 0).length;
  const aliases = withAlias === 0 ? 'none with an alias' : `${numberText(withAlias)} with an alias`;
  return `${readByText(hits)}. They produced ${count(versions.length, 'model version')}, ${aliases}.`;
}

function group(heading: string, hits: readonly Hit[], impact: Impact): readonly Block[] {
  if (hits.length === 0) return [];
  const hidden = hits.length - maxShown;
  return [
    gap,
    title(`${heading} (${numberText(hits.length)})`),
    ...hits.slice(0, maxShown).flatMap((hit) => [gap, ...hitBlocks(hit, impact)]),
    ...(hidden > 0 ? [gap, text(`… and ${numberText(hidden)} more; --csv and --json list all.`)] : []),
  ];
}

function hitBlocks({ run, links, versions }: Hit, { change }: Impact): readonly Block[] {
  return [
    ...versions.flatMap((version) => [text(shownVersion(version)), text(version.page)]),
    ...(versions.length === 0 ? [text(shownRun(run)), text(run.page)] : [field('run', shownRun(run))]),
    ...linkFields(links, ({ reach: kind, holds, of }) => `, ${shownReach({ kind, holds, of }, change.kind)}`),
  ];
}

function limits({ change, answer }: Impact): readonly Block[] {
  const branch = change.kind === 'branch';
  return [
    ...(change.cut && branch
      ? [
          text(
            'The branch has more commits than were read, so runs may be missing; use --limit to read more.',
          ),
        ]
      : []),
    ...(change.cut && !branch
      ? [text('Too many objects to compare one by one: whole folders were compared, so runs may be missing.')]
      : []),
    ...(answer.limits.commits
      ? [
          text(
            'Runs read more commits than were compared, so runs may be missing; use --limit to compare more.',
          ),
        ]
      : []),
  ];
}
