import { type Flag, flags, isVersionFlag, sourceIn } from '../../contract/flags.js';
import type { Link } from '../../contract/run.js';
import { guideTag } from '../../contract/tags.js';
import { shown } from '../../domain/common/text.js';
import { holdsNothing } from '../../domain/links/readings.js';

/** What of a link says how it is known. */
type Evidenced = Pick<Link, 'kind' | 'certain' | 'ref' | 'where' | 'name' | 'flags'>;

/** How we know that a run read what a link says, for people. */
export function explainEvidence(link: Evidenced): string {
  const known = explainKind(link);
  return holdsNothing(link) ? `${known}; but the commit contains nothing at this path` : known;
}

function explainKind(link: Evidenced): string {
  switch (link.kind) {
    case 'declared':
      return explainDeclared(link);
    case 'exact':
      return "the dataset's source names this commit; verified to be what the run read";
    case 'likely':
      return (
        "the dataset's source names this commit, but MLflow keeps one source for all runs of an experiment " +
        'whose dataset has this name and digest, so it may be that of another run'
      );
    case 'conflict':
      return explainConflict(link);
    case 'resolved':
      if (link.flags.some(isVersionFlag)) return explainVersion(link);
      return `the run names the tag ${shown(link.ref)} of lakeFS, which led to this commit${movedSince(link)}${sharedBy(link)}`;
    case 'inferred':
      return (
        `the run names the branch ${shown(link.ref)}, and this was its head around the run's start; nothing is known to ` +
        `have changed there while the run could read, but lakeFS keeps no record of that${sharedBy(link)}`
      );
    case 'ambiguous':
      return `the run names the branch ${shown(link.ref)}, ${whyAmbiguous(link)}`;
  }
}

function explainVersion(link: Evidenced): string {
  const version = link.flags.find(isVersionFlag) ?? '';
  return (
    `the run read ${shown(version)} of the table on branch ${shown(link.ref)}; this is the first commit of the branch that ` +
    `contains that version${sharedBy(link)}`
  );
}

function movedSince(link: Evidenced): string {
  if (link.flags.includes(flags.younger)) {
    return ' when we first looked; but the commit was made after the run started, so it led elsewhere before';
  }
  if (link.flags.includes(flags.noStartTime)) {
    return ' when we first looked; but the run has no start time, so it may have led elsewhere before';
  }
  if (!link.flags.includes(flags.tagMoved)) return '';
  return ' when we first looked; it leads elsewhere by now, so it may have moved before, too';
}

function sharedBy({ flags: known }: Evidenced): string {
  if (!known.includes(flags.sharedSource)) return '';
  return (
    '; but MLflow keeps one source for all runs of an experiment whose dataset has this name and digest, so another run ' +
    'may have named it'
  );
}

function whyAmbiguous({ flags: known }: Evidenced): string {
  const reasons: readonly (readonly [Flag, string])[] = [
    [flags.pathChanged, 'and the data there changed while the run could read it'],
    [flags.uncommitted, 'and objects that were not committed were there, or may have been'],
    [flags.doubtfulDates, "whose commits have dates that contradict their order or their data's age"],
    [flags.tooManyCommits, 'which had more commits while the run could read than are checked one by one'],
    [flags.noStartTime, 'and the run has no start time'],
    [flags.futureStart, 'and the start of the run lies in the future'],
  ];
  const [, reason] = reasons.find(([flag]) => known.includes(flag)) ?? [];
  return `${reason ?? 'whose data may have changed around the start of the run'}: this is its best guess`;
}

function explainConflict(link: Evidenced): string {
  const source = sourceOf(link);
  if (source !== undefined && !isCommitId(source)) {
    return `the run itself names this commit and others for what it read at ${shown(source)}, with other bytes`;
  }
  return link.where === 'input'
    ? "the dataset's source names this commit, but the run itself names another, with other bytes"
    : `${declaration(link)} this commit, but something else that the run says names another, with other bytes`;
}

/** Who names the commit, with the verb. */
function declaration({ where, name }: Evidenced): string {
  if (where === 'parent') return `the run that it is nested in names, by ${shown(name)},`;
  if (where === 'param') return `the run's own parameter ${shown(name)} names`;
  // The guide's tag is read beside that of its repository.
  return /^lakefs_(?:head_)?commit/.test(name)
    ? `the run's own tags ${guideTag.repo} and ${shown(name)} name`
    : `the run's own tag ${shown(name)} names`;
}

function explainDeclared(link: Evidenced): string {
  const other = sourceOf(link);
  const who = link.where === 'input' ? "the dataset's source" : `${link.where} ${shown(link.name)}`;
  if (other === undefined) {
    return link.where === 'input'
      ? "the dataset's source names this commit, and the run itself declares it too"
      : `${declaration(link)} this commit`;
  }
  return isCommitId(other)
    ? `the run itself names this commit; ${who} names ${other}, where these bytes are the same`
    : `the run itself names this commit; ${who} names ${shown(other)}, which moves`;
}

/** What the address names where the link is another commit. */
function sourceOf({ flags: known }: Evidenced): string | undefined {
  return known.map(sourceIn).find((source) => source !== undefined);
}

function isCommitId(text: string): boolean {
  return /^[0-9a-f]{12}$/.test(text);
}
