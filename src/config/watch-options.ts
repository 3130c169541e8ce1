import { wildKeys } from '../contract/tags.js';

import { usualOutputWords } from '../domain/references/reference-rules.js';
import { type Option, prefix } from './option.js';

/** What is watched and what is written. */
export const watchOptions = {
  hookTokens: {
    env: [`${prefix}HOOK_TOKENS`],
    key: 'hookTokens',
    type: 'list',
    secret: true,
    default: '',
    description:
      'Other tokens that webhooks may carry, so that a token can be changed without an interruption. In CONFIG: all tokens of the installation.',
  },
  repositories: {
    env: [`${prefix}REPOSITORIES`],
    key: 'repositories',
    type: 'list',
    default: '*',
    description: 'Repositories to watch: names, with `*` and `?` as wildcards; a leading `!` excludes.',
    example: 'images,sales-*,!sales-scratch',
  },
  branches: {
    env: [`${prefix}BRANCHES`],
    key: 'branches',
    type: 'list',
    default: '*',
    description:
      'Branches to watch, same syntax. Branches that programs create for a single write (`tx-*`, `delta-tx-*`, `transaction-*`) are watched only if a pattern other than `*` names them.',
    example: 'main,release-*',
  },
  promotedBranches: {
    env: [`${prefix}PROMOTED_BRANCHES`],
    key: 'promotedBranches',
    type: 'list',
    default: '',
    description:
      'A commit counts as promoted once one of these branches contains its data; same syntax. If not set: the default branch of each repository.',
    example: 'main,release-*',
  },
  experiments: {
    env: [`${prefix}EXPERIMENTS`],
    key: 'experiments',
    type: 'list',
    default: '*',
    description:
      'Names of the MLflow experiments whose runs may be tagged, same syntax (`*` also matches `/`).',
    example: 'churn-*',
  },
  catalog: {
    env: [`${prefix}CATALOG`],
    key: 'catalog',
    type: 'text',
    default: 'lakefs',
    description:
      'First part of the names of the experiments that list commits: `<catalog>/<repository>`. Hosted MLflow may need an absolute path.',
    example: '/Shared/lakefs',
  },
  mode: {
    env: [`${prefix}MODE`],
    key: 'mode',
    type: 'choice',
    choices: ['write', 'observe'],
    default: 'write',
    description:
      "`observe`: the catalog is written, but no user's run is changed; the tags that would be written are in the job's log.",
  },
  tagModels: {
    env: [`${prefix}TAG_MODELS`],
    key: 'tagModels',
    type: 'yes-no',
    default: 'yes',
    description: 'Whether the model versions of a linked run get its tags too.',
  },
  startMargin: {
    env: [`${prefix}START_MARGIN`],
    key: 'startMargin',
    type: 'duration',
    min: 0,
    default: '60s',
    description:
      'How long before its start a run may have read a branch: if the data changed within this time, the link is ambiguous.',
  },
  referenceKeys: {
    env: [`${prefix}REFERENCE_KEYS`],
    key: 'referenceKeys',
    type: 'list',
    default: wildKeys.join(', '),
    description:
      'Tags and params that name a repository, or a commit, branch or lakeFS tag of it, by their key: `repo:<key>`, `commit:<key>`, `branch:<key>`, `tag:<key>`, or `ref:<key>` for any of the three. A `*` in a key matches words that say what the data is for, but no word of OUTPUT_WORDS and none like `previous` or `git`. A key belongs to the repository whose key shares its prefix. The keys of the lakeFS guide always count.',
    example: 'repo:data.repo,commit:data.commit,ref:data.*.version',
  },
  outputWords: {
    env: [`${prefix}OUTPUT_WORDS`],
    key: 'outputWords',
    type: 'list',
    default: usualOutputWords.join(', '),
    description:
      'If one of these words is in the key of a tag or param (`save_dir`, `modelPath`), an address in its value is no evidence: it may be what the run wrote.',
    example: 'output,save,checkpoint',
  },
} as const satisfies Readonly<Record<string, Option>>;
