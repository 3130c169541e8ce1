import { guideTag, oldCommitTag, wildKeys } from '../../contract/tags.js';
import { cut } from '../common/text.js';
import type { GatewayHosts } from './address.js';

/** What else than dataset inputs and the guide's tags may say what a run read. Settings make it. */
export interface ReferenceRules extends GatewayHosts {
  /** Tags and params that name a repository or a ref of it, by their keys. */
  readonly keys: ReadonlyMap<string, KeyRole>;
  /** The same for keys with words in their middle: `lakefs_*_commit`. */
  readonly keyPatterns: readonly KeyPattern[];
  /** A key that holds one of these words, in lower case, names what a run writes. */
  readonly outputWords: ReadonlySet<string>;
}

/** `ref` is a commit, a branch or a tag: what it is, its value tells. */
export const keyRoles = ['repo', 'commit', 'branch', 'tag', 'ref'] as const;

export type KeyRole = (typeof keyRoles)[number];

/** A key with an asterisk in it: what is before it, and what behind. */
export interface KeyPattern {
  readonly before: string;
  readonly behind: string;
  readonly role: KeyRole;
}

/** lakeFS's guide: `lakefs_commit` since 2025, `lakefs_head_commit_id` in an earlier text. */
const guideKeys: readonly (readonly [string, KeyRole])[] = [
  [guideTag.repo, 'repo'],
  [guideTag.commit, 'commit'],
  [oldCommitTag, 'commit'],
  [guideTag.branch, 'branch'],
];

export const usualOutputWords =
  'out,output,outputs,save,saved,write,export,dest,destination,sink,upload,artifact,artifacts,checkpoint,checkpoints,ckpt,model,models,result,results,prediction,predictions,log,logs,tmp,temp,cache'.split(
    ',',
  );

/** Words for another time or another thing than the data that was read: `lakefs_previous_commit`, `lakefs_git_commit`. */
const otherWords = new Set(
  'previous,prev,parent,base,old,new,next,before,after,first,last,latest,target,expected,merge,merged,revert,reverted,rollback,git,code,docker,server,client'.split(
    ',',
  ),
);

/** Reads `<role>:<key>`, with at most one asterisk in the key; undefined where it is not of this form. */
export function parseKeyRole(entry: string): readonly [string, KeyRole] | undefined {
  const [, role, key] = /^([a-z]+):\s*(\S(?:.*\S)?)$/.exec(entry) ?? [];
  const known = keyRoles.find((one) => one === role);
  if (known === undefined || key === undefined || key.indexOf('*') !== key.lastIndexOf('*')) return undefined;
  return [key, known];
}

/**
 * What a key says that its value is. Words in the place of an asterisk say what the data is for, unless they speak of
 * what the run writes or of another commit than the one that was read.
 */
export function roleOf(key: string, { keys, keyPatterns, outputWords }: ReferenceRules): KeyRole | undefined {
  const known = keys.get(key);
  if (known !== undefined || key.length > maxKey) return known;
  for (const { before, behind, role } of keyPatterns) {
    if (key.length <= before.length + behind.length || !key.startsWith(before) || !key.endsWith(behind))
      continue;
    const words = wordsOf(key.slice(before.length, key.length - behind.length));
    if (!speaksOfOther(words, { outputWords })) return role;
  }
  return undefined;
}

/** True for words that speak of what the run writes, or of another version than the one that was read. */
export function speaksOfOther(
  words: readonly string[],
  { outputWords }: Pick<ReferenceRules, 'outputWords'>,
): boolean {
  return words.some((word) => outputWords.has(word) || otherWords.has(word));
}

/** The guide's keys always count: the list adds to them. Entries of another form than `<role>:<key>` are left out. */
export function referenceRules(given: {
  readonly s3Domains: readonly string[];
  readonly hosts?: readonly string[];
  readonly keys: readonly string[];
  readonly outputWords: readonly string[];
}): ReferenceRules {
  const further = given.keys.flatMap((entry) => {
    const parsed = parseKeyRole(entry);
    return parsed === undefined ? [] : [parsed];
  });
  const patterns = further.filter(([key]) => key.includes('*'));
  return {
    s3Domains: given.s3Domains.map((domain) => domain.toLowerCase().replace(/^\.|:(?:80|443)$/g, '')),
    hosts: given.hosts ?? [],
    keys: new Map([...further.filter(([key]) => !key.includes('*')), ...guideKeys]),
    keyPatterns: [...new Map(patterns)].map(([key, role]) => {
      const at = key.indexOf('*');
      return { before: key.slice(0, at), behind: key.slice(at + 1), role };
    }),
    outputWords: new Set(given.outputWords.map((word) => word.toLowerCase())),
  };
}

export const usualRules = referenceRules({ s3Domains: [], keys: wildKeys, outputWords: usualOutputWords });

/** UTF-16 units; MLflow takes 250 characters. */
const maxKey = 1_000;

/** Words that say that a value is data which is read, where `model` is only the part of a configuration that it is in. */
const dataWords = new Set(
  'data,dataset,datasets,ds,train,training,val,valid,validation,test,eval,evaluation,input,inputs,manifest,corpus'.split(
    ',',
  ),
);

/**
 * The word of a key by which its value is what a run writes; undefined where there is none. Hydra and NeMo flatten their
 * configuration: `model.train_ds.manifest_filepath` is data for a model, `model.save_to` is not.
 */
export function outputWordOf(key: string, { outputWords }: ReferenceRules): string | undefined {
  const parts = cut(key, maxKey)
    .split(/[./]/)
    .map((part) => wordsOf(part));
  const lastData = parts.findLastIndex((words) => words.some((word) => dataWords.has(word)));
  const isPlace = ([word = '', ...others]: readonly string[], index: number): boolean =>
    index < lastData && others.length === 0 && (word === 'model' || word === 'models');
  return parts
    .filter((words, index) => !isPlace(words, index))
    .flat()
    .find((word) => outputWords.has(word));
}

/** `dataPath_OUT-2` → `data`, `path`, `out`, `2`. */
export function wordsOf(key: string): readonly string[] {
  const spaced = cut(key, maxKey).replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2');
  return spaced.toLowerCase().split(/[^\p{L}\d]+/u);
}
