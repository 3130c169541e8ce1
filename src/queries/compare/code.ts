import { mlflowTag } from '../../contract/tags.js';
import type { CodeComparison } from './schema.js';

type Tags = ReadonlyMap<string, string>;

const commitTag = mlflowTag.gitCommit;

/** Whether two runs were made by the same code, as far as MLflow's own tags tell. */
export function compareCode(left: Tags, right: Tags): CodeComparison {
  const [first, second] = [left.get(commitTag), right.get(commitTag)];
  const answer = (relation: CodeComparison['relation'], reason: string): CodeComparison => ({
    ...{ relation, first: first ?? null, second: second ?? null, reason },
  });
  if (first === undefined || second === undefined) {
    const which = first === second ? 'either run' : first === undefined ? 'the first run' : 'the second run';
    return answer('unknown', `MLflow has no git commit for ${which}`);
  }
  const repositories = [left, right].map((tags) => tags.get(mlflowTag.gitRepository));
  const dirty = [left, right].map((tags) => tags.get(mlflowTag.gitDirty)?.toLowerCase() === 'true');
  if (first !== second) return answer('differ', `git commit ${short(first)}, then ${short(second)}`);
  if (dirty.includes(true)) {
    const which = dirty.every(Boolean) ? 'both' : dirty[0] === true ? 'the first' : 'the second';
    return answer('unknown', `git commit ${short(first)} is the same, but ${which} had uncommitted changes`);
  }
  if (repositories[0] !== repositories[1] && !repositories.includes(undefined)) {
    return answer('same', `git commit ${short(first)} is the same, from two addresses of the repository`);
  }
  return answer('same', `git commit ${short(first)}`);
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
