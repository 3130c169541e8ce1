import { cut } from './text.js';

/** What else than dataset inputs and the guide's tags may say what a run read. Settings make it. */
export interface ReferenceRules {
  /** Domains of lakeFS's S3 gateway, in lower case, with the port where not the default. */
  readonly s3Domains: readonly string[];
  /** Tags and params that name a repository or a ref of it, by their keys. */
  readonly keys: ReadonlyMap<string, KeyRole>;
  /** A key that holds one of these words, in lower case, names what a run writes. */
  readonly outputWords: ReadonlySet<string>;
}

export const keyRoles = ['repo', 'commit', 'branch', 'tag'] as const;

export type KeyRole = (typeof keyRoles)[number];

/** lakeFS's guide: `lakefs_commit` since 2025, `lakefs_head_commit_id` in an earlier text. */
const guideKeys: readonly (readonly [string, KeyRole])[] = [
  ['lakefs_repo', 'repo'],
  ['lakefs_commit', 'commit'],
  ['lakefs_head_commit_id', 'commit'],
  ['lakefs_branch', 'branch'],
];

/** Keys that people use beside those of the guide, as the setting has them: `<role>:<key>`. */
export const wildKeys = [
  'tag:lakefs_tag',
  'repo:lakefs_repository',
  'commit:lakefs_commit_id',
  'repo:lakefs.repo',
  'repo:lakefs.repository',
  'commit:lakefs.commit',
  'commit:lakefs.commit_id',
  'branch:lakefs.branch',
  'tag:lakefs.tag',
] as const;

export const usualOutputWords =
  'out,output,outputs,save,saved,write,export,dest,destination,sink,upload,artifact,artifacts,checkpoint,checkpoints,ckpt,model,models,result,results,prediction,predictions,log,logs,tmp,temp,cache'.split(
    ',',
  );

/** Reads `<role>:<key>`; undefined where it is not of this form. */
export function parseKeyRole(entry: string): readonly [string, KeyRole] | undefined {
  const [, role, key] = /^([a-z]+):\s*(\S(?:.*\S)?)$/.exec(entry) ?? [];
  const known = keyRoles.find((one) => one === role);
  return known === undefined || key === undefined ? undefined : [key, known];
}

/** The guide's keys always count: the list adds to them. Entries of another form than `<role>:<key>` are left out. */
export function referenceRules(given: {
  readonly s3Domains: readonly string[];
  readonly keys: readonly string[];
  readonly outputWords: readonly string[];
}): ReferenceRules {
  const further = given.keys.flatMap((entry) => {
    const parsed = parseKeyRole(entry);
    return parsed === undefined ? [] : [parsed];
  });
  return {
    s3Domains: given.s3Domains.map((domain) => domain.toLowerCase().replace(/^\.|:(?:80|443)$/g, '')),
    keys: new Map([...further, ...guideKeys]),
    outputWords: new Set(given.outputWords.map((word) => word.toLowerCase())),
  };
}

export const usualRules = referenceRules({ s3Domains: [], keys: wildKeys, outputWords: usualOutputWords });

/** UTF-16 units; MLflow takes 250 characters. */
const maxKey = 1_000;

/** `dataPath_OUT-2` → `data`, `path`, `out`, `2`. */
export function wordsOf(key: string): readonly string[] {
  const spaced = cut(key, maxKey).replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2');
  return spaced.toLowerCase().split(/[^\p{L}\d]+/u);
}
