import type { Link } from '../../contract/run.js';
import type { ServerFacts } from '../../facts/links/server.js';
import type { Reader } from './consumers.js';
import { iso } from './iso.js';
import { mlflowPublicUrl } from './mlflow-page.js';
import { versionsMadeBy } from './produced-versions.js';
import type { DataReader } from './types.js';

/** Adds the models that the runs made. Newest runs first; those that made a model under an alias before all. */
export async function withModels(
  readers: readonly Pick<Reader, 'run' | 'links'>[],
  { access }: ServerFacts,
): Promise<readonly DataReader[]> {
  const ids = readers.map(({ run }) => run.id);
  const versions = await versionsMadeBy(ids, access.mlflow, mlflowPublicUrl(access));
  const all = readers.map(({ run, links }) => ({
    ...{ run, links },
    versions: versions.filter(({ runId }) => runId === run.id),
  }));
  return all.sort((a, b) => underAlias(b) - underAlias(a) || (b.run.startTime ?? 0) - (a.run.startTime ?? 0));
}

function underAlias({ versions }: DataReader): number {
  return versions.some(({ aliases }) => aliases.length > 0) ? 1 : 0;
}

/** The same reader with some of its links, or nothing where none is left. */
export function narrowed(reader: DataReader, keep: (link: Link) => boolean): readonly DataReader[] {
  const links = reader.links.filter(keep);
  return links.length === 0 ? [] : [{ ...reader, links }];
}

/** The same for machines. */
export function readerJson({ run, links, versions }: DataReader): Record<string, unknown> {
  return {
    run: { ...run, startTime: iso(run.startTime), endTime: iso(run.endTime) },
    links: links.map(({ installation, repository, commit, path, where, name, kind, certain }) => ({
      ...{ installation, repository, commit, path, where, name, kind, certain },
    })),
    versions: versions.map(({ name, version, aliases, page }) => ({ name, version, aliases, page })),
  };
}
