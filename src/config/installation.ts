import { withoutEndSlashes } from '../domain/paths/path.js';
import { parseKeyRole } from '../domain/references/reference-rules.js';
import { readLakefs, readMlflow } from './connections.js';
import { createReader, type Source } from './reader.js';
import type { DatasetRule, Installation, LayoutRule } from './types.js';
import { fitsHeader, headerRule } from './values.js';
import { watchOptions } from './watch-options.js';

/** The servers that a command works with. */
export type Need = 'lakefs' | 'mlflow';

export interface InstallationParts {
  readonly name: string;
  readonly source: Source;
  /** What the command does not need is neither demanded nor complained about. */
  readonly need: readonly Need[];
  readonly rules: readonly DatasetRule[];
  readonly layouts: readonly LayoutRule[];
  /** Tokens from elsewhere than the list of the installation. */
  readonly tokens: readonly string[];
  readonly readFile: (path: string) => string;
}

/** Makes one installation out of the settings in `source`; what is wrong with them goes into `problems`. */
export function readInstallation(parts: InstallationParts, problems: string[]): Installation {
  const { name, source, need } = parts;
  const reader = createReader(source, problems);
  const complaintsFor = (server: Need): string[] => (need.includes(server) ? problems : []);
  const catalog = withoutEndSlashes(reader.text(watchOptions.catalog) ?? '');
  if (catalog === '') reader.complain(watchOptions.catalog, 'must contain more than slashes');
  const listed = reader.list(watchOptions.hookTokens);
  const hookTokens = [...new Set([...parts.tokens, ...listed])];
  if (!listed.every(fitsHeader)) reader.complain(watchOptions.hookTokens, headerRule);
  const referenceKeys = reader.list(watchOptions.referenceKeys);
  const wrongKey = referenceKeys.findIndex((entry) => parseKeyRole(entry) === undefined);
  if (wrongKey >= 0) {
    reader.complain(
      watchOptions.referenceKeys,
      `entry ${wrongKey + 1} must be repo:<key>, commit:<key>, branch:<key>, tag:<key> or ref:<key>, with at most one * in the key`,
    );
  }
  const repositories = reader.list(watchOptions.repositories);
  const noName = repositories.findIndex((entry) => !/^!?[a-z0-9*?-]+$/.test(entry));
  if (noName >= 0) {
    reader.complain(
      watchOptions.repositories,
      `entry ${noName + 1} matches no repository: repository names consist of lower-case letters, digits and dashes. Separate entries by commas`,
    );
  }
  return {
    name,
    lakefs: readLakefs(createReader(source, complaintsFor('lakefs')), parts.readFile),
    mlflow: readMlflow(createReader(source, complaintsFor('mlflow')), parts.readFile),
    repositories,
    branches: reader.list(watchOptions.branches),
    promotedBranches: reader.list(watchOptions.promotedBranches),
    experiments: reader.list(watchOptions.experiments),
    catalog,
    mode: reader.choice(watchOptions.mode),
    tagModels: reader.yesNo(watchOptions.tagModels),
    startMarginMs: reader.duration(watchOptions.startMargin),
    referenceKeys,
    outputWords: reader.list(watchOptions.outputWords),
    hookTokens,
    rules: parts.rules,
    layouts: parts.layouts,
  };
}
