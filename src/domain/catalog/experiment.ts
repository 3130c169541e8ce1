import { catalogKind, mlflowTag, ourTag } from '../../contract/tags.js';
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
      [ourTag.kind, catalogKind.catalog],
      [ourTag.contract, catalogContract],
      [ourTag.repositoryCreated, String(createdAt)],
      [
        mlflowTag.note,
        `Commits of the lakeFS repository [${place.repository}](${page}), one run each, kept by [lakefs-mlflow](${place.publicUrl}/)`,
      ],
    ]),
  };
}
