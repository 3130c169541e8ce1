import { cut } from '../../domain/common/text.js';
import { type Address, parseAddress, showAddress } from '../../domain/references/address.js';
import { isRepositoryName } from '../../domain/references/lakefs-names.js';
import { asRunId, runIdInPage, runIdInUri } from '../../domain/references/run-id.js';

/** What a person asks about. Whether it is there is not known yet. */
export type What =
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  /** A logged model of MLflow 3: `m-` and 32 hex digits. */
  | { readonly kind: 'logged'; readonly id: string }
  /** `host` is set for an http(s) address: it must be that of a lakeFS server of ours. */
  | { readonly kind: 'data'; readonly address: Address; readonly host: string | undefined }
  | { readonly kind: 'none'; readonly problem: string };

export type ModelWhat = Extract<What, { readonly kind: 'version' | 'alias' | 'logged' }>;

const supported =
  'name a run by its id or the address of its MLflow page, a model as models:/NAME/VERSION or models:/NAME@ALIAS, ' +
  'or data as REPOSITORY/REF or REPOSITORY/REF/PATH';

/** UTF-16 units of what a person may ask about. */
const maxGiven = 10_000;

const loggedPattern = /^m-[0-9a-f]{32}$/i;

/**
 * Reads what a person typed or pasted: a run id, `runs:/…`, `models:/…`, `REPOSITORY/REF[/PATH]`, `lakefs://…`,
 * `s3://…`, or the address of a page of MLflow or lakeFS. MLflow's own run ids are 32 hex digits, those of hosted
 * servers may be other words. A path is taken as it is: nothing in it is decoded, except in http(s) addresses.
 */
export function readWhat(given: string): What {
  const text = given.trim();
  if (text.length > maxGiven)
    return none(cut(text, 100), `is cut here: it has more than ${maxGiven} characters`);
  if (/^https?:/i.test(text)) return readPage(text);
  if (/^runs:/i.test(text)) return runIn(runIdInUri(text) ?? ownIdIn(text)) ?? none(text, 'names no run');
  if (/^models:/i.test(text)) return readModel(text);
  if (/^[a-z0-9]+:\/\//i.test(text)) return readObjectAddress(text);
  if (text.includes('/')) return readPlace(text);
  if (loggedPattern.test(text)) return { kind: 'logged', id: text.toLowerCase() };
  if (/^[0-9a-f]{64}$/i.test(text)) return none(text, 'is the id of a commit, whose repository is missing');
  if (text.includes('@')) return none(text, 'may be a model, which begins with models:/');
  return runIn(asRunId(text)) ?? none(text, 'is no run id');
}

/** What `readWhat` read, in the shortest form that it reads back. */
export function showWhat(what: Exclude<What, { kind: 'none' }>): string {
  switch (what.kind) {
    case 'run':
      return what.id;
    case 'version':
      return `models:/${what.name}/${what.version}`;
    case 'alias':
      return `models:/${what.name}@${what.alias}`;
    case 'logged':
      return `models:/${what.id}`;
    case 'data': {
      const { repository, ref, path } = what.address;
      return path === '' ? `${repository}/${ref}` : `${repository}/${ref}/${path}`;
    }
  }
}

/** A page of lakeFS may have a run id in its path, so that these come first. */
function readPage(text: string): What {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return none(text, 'is not a well-formed address');
  if (/\/repositories\//.test(url.pathname)) return readLakefsPage(text, url);
  // MLflow's pages are behind a "#", which is not sent to the server.
  const page = url.hash.startsWith('#/') ? url.hash.slice(1) : url.pathname;
  const version = /^(?:.*)\/models\/([^/?]+)\/versions\/(\d+)(?![\w-])/.exec(page);
  if (version?.[1] !== undefined && version[2] !== undefined) {
    const name = decoded(version[1]);
    return name === undefined
      ? none(text, 'has broken percent-encoding')
      : { kind: 'version', name, version: version[2] };
  }
  const logged = /\/models\/(m-[0-9a-f]{32})(?![\w-])/i.exec(page)?.[1];
  if (logged !== undefined) return { kind: 'logged', id: logged.toLowerCase() };
  const found = runIn(ownIdIn(text) ?? runIdInPage(page) ?? jobIn(url));
  if (found !== undefined) return found;
  return none(
    text,
    /\/models\//.test(page) ? 'names a model without a version' : 'names no run and no model',
  );
}

function readLakefsPage(text: string, url: URL): What {
  const parsed = parseAddress(text);
  if (parsed.kind === 'address') {
    return { kind: 'data', address: parsed.address, host: parsed.host };
  }
  // The list of commits of a ref, which is no data for a run to read but can be asked about.
  const repository = /\/repositories\/([^/]+)\/commits\/?$/.exec(url.pathname)?.[1];
  const ref = url.searchParams.get('ref') ?? '';
  if (repository === undefined || !isRepositoryName(repository) || ref === '') {
    return none(text, `names no commit, branch or path: ${parsed.reason}`);
  }
  return { kind: 'data', address: { repository, ref, path: '' }, host: url.host };
}

/** An id of MLflow's own form, wherever it stands. */
function ownIdIn(text: string): string | undefined {
  return (
    /\/runs\/([0-9a-f]{32})(?![\w-])/i.exec(text)?.[1] ?? /(?<![\w-])[0-9a-f]{32}(?![\w-])/i.exec(text)?.[0]
  )?.toLowerCase();
}

/** Azure's pages of jobs: `https://ml.azure.com/runs/<name>?wsid=…`. */
function jobIn({ pathname }: URL): string | undefined {
  return asRunId(/^\/runs\/([^/]{1,256})$/.exec(pathname)?.[1] ?? '');
}

function runIn(id: string | undefined): What | undefined {
  return id === undefined ? undefined : { kind: 'run', id };
}

/**
 * As MLflow's own client reads it: neither slash nor colon can be in a name, everything else can, and the last "@"
 * begins the alias.
 */
function readModel(text: string): What {
  const [name = '', version, ...more] = text.slice('models:'.length).replace(/^\/+/, '').split('/');
  if (more.some((part) => part !== '')) return none(text, 'has more parts than a name and a version');
  if (version !== undefined && version !== '') {
    if (name === '') return none(text, 'names no model');
    if (/^\d{1,9}$/.test(version)) return { kind: 'version', name, version: String(Number(version)) };
    return none(
      text,
      'names no version by its number: "latest" and stages move, so ask for the number or an alias',
    );
  }
  if (loggedPattern.test(name)) return { kind: 'logged', id: name.toLowerCase() };
  const at = name.lastIndexOf('@');
  const [model, alias] = at < 0 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
  if (model === '') return none(text, 'names no model');
  if (alias === undefined) return none(text, 'names a model without a version or alias');
  return alias === '' ? none(text, 'names no alias after its "@"') : { kind: 'alias', name: model, alias };
}

function readObjectAddress(text: string): What {
  const parsed = parseAddress(text);
  if (parsed.kind === 'none') return none(text, `is no address of data in lakeFS: ${parsed.reason}`);
  return { kind: 'data', address: parsed.address, host: parsed.host };
}

function readPlace(text: string): What {
  const [repository = '', ref = '', ...rest] = text.split('/');
  if (!isRepositoryName(repository)) {
    return none(text, `is no data: "${repository}" cannot be the name of a repository`);
  }
  if (ref === '') return none(text, 'names a repository without a branch, tag or commit');
  return {
    kind: 'data',
    address: { repository, ref, path: rest.join('/').replace(/^\/+/, '') },
    host: undefined,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function none(text: string, what: string): What {
  return { kind: 'none', problem: `"${showAddress(text)}" ${what}: ${supported}` };
}
