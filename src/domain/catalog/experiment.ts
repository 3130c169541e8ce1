import { lakefsRepositoryPage } from '../common/links-to.js';

/** The version of the catalog's layout. */
const catalogContract = '1';

export interface CatalogExperiment {
  readonly name: string;
  readonly tags: ReadonlyMap<string, string>;
}

export interface CatalogPlace {
  /** The installation's name; `default` where there is one. */
  readonly installation: string;
  /** The first part of the experiment's name. */
  readonly catalog: string;
  readonly repository: string;
  /** Where people open lakeFS. */
  readonly lakefsUrl: string;
  /** Where people reach us. */
  readonly publicUrl: string;
}

/** `<catalog>/<repository>`, with the installation between where it is not `default`. */
export function catalogName({
  installation,
  catalog,
  repository,
}: Pick<CatalogPlace, 'installation' | 'catalog' | 'repository'>): string {
  return [catalog, ...(installation === 'default' ? [] : [installation]), repository].join('/');
}

/** The experiment that holds one repository's commits. `createdAt` is the repository's creation, in Unix seconds. */
export function catalogExperiment(place: CatalogPlace, createdAt: number): CatalogExperiment {
  const page = lakefsRepositoryPage(place.lakefsUrl, place.repository);
  return {
    name: catalogName(place),
    tags: new Map([
      ['lakefs.kind', 'catalog'],
      ['lakefs.contract', catalogContract],
      [repositoryCreatedTag, String(createdAt)],
      [
        'mlflow.note.content',
        `Commits of the lakeFS repository [${place.repository}](${page}), one run each, kept by [lakefs-mlflow](${place.publicUrl}/)`,
      ],
    ]),
  };
}

/** `complete` on a branch head's entry: all of its history is in the catalog or below the horizon. */
export const historyTag = 'lakefs.history';

/**
 * On the experiment: the creation (Unix seconds) of the repository whose commits are followed. Written by the first
 * look, after the heads at which it found the branches; those are in `lakefs.horizon.0`, `.1` and so on. What came
 * before them is below the horizon. Older catalogs have this tag alone.
 */
export const horizonTag = 'lakefs.horizon';

/** If it changes, the repository was deleted and another was made under its name. */
export const repositoryCreatedTag = 'lakefs.repository_created';
