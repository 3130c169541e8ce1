import type { Link } from '../domain/run.js';
import { shown } from './words.js';

const otherSource = /^source names ([0-9a-f]{12})$/;

/** How we know that a run read what a link says, for people. */
export function explainEvidence(link: Link): string {
  switch (link.kind) {
    case 'declared':
      return explainDeclared(link);
    case 'exact':
      return "the dataset's source names this commit, and the bytes that the run read are certain to be those";
    case 'likely':
      return (
        "the dataset's source names this commit, but MLflow keeps one source for all runs of an experiment " +
        'whose dataset has this name and digest, so it may be that of another run'
      );
    case 'conflict':
      return link.where === 'input'
        ? "the dataset's source names this commit, but the run itself names another, with other bytes"
        : `${declaration(link)} this commit, but the dataset's source names another, with other bytes`;
    case 'resolved':
      return 'the run names a tag of lakeFS, which led to this commit';
    case 'inferred':
      return "the run names a branch, and this was the branch's head around the run's start";
    case 'ambiguous':
      return "the run names a branch whose data changed around the run's start";
  }
}

/** Who names the commit, with the verb. */
function declaration({ where, name }: Link): string {
  if (where === 'parent') return `the run that it is nested in names, by ${shown(name)},`;
  if (where === 'param') return `the run's own parameter ${shown(name)} names`;
  // The guide's tag is read beside that of its repository.
  return /^lakefs_(?:head_)?commit/.test(name)
    ? `the run's own tags lakefs_repo and ${shown(name)} name`
    : `the run's own tag ${shown(name)} names`;
}

function explainDeclared(link: Link): string {
  const { where, flags } = link;
  if (where !== 'input' && flags.length === 0) return `${declaration(link)} this commit`;
  const other = flags.map((flag) => otherSource.exec(flag)?.[1]).find((commit) => commit !== undefined);
  return other === undefined
    ? "the dataset's source names this commit, and the run itself declares it too"
    : `the run itself names this commit; the dataset's source names ${other}, where these bytes are the same`;
}

export function certainty(link: Link): 'certain' | 'not certain' {
  return link.certain ? 'certain' : 'not certain';
}
