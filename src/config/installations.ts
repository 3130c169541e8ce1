import { catalogName } from '../domain/catalog/experiment.js';
import { matches } from '../domain/common/globs.js';
import { type ReferenceRules, referenceRules } from '../domain/references/reference-rules.js';
import type { Installation } from './types.js';

/** The settings of one installation, beside what a holder keeps for it: clients, readers. */
export interface Configured {
  readonly settings: Installation;
}

/** Everything that is asked about a set of installations. Nobody else compares their names or globs. */
export interface Installations<T extends Configured> {
  /** In the order of the settings. */
  readonly all: readonly T[];
  readonly names: readonly string[];
  named(name: string | undefined): T | undefined;
  /** Those that have the name, watch the repository and the experiment, and whose lakeFS is reached by the host. */
  matching(wanted: {
    readonly installation?: string | undefined;
    readonly repository?: string;
    readonly experiment?: string;
    readonly host?: string | undefined;
  }): Installations<T>;
  /** The name of the catalog experiment of a repository; undefined where the installation is not one of these. */
  catalogOf(of: { readonly installation: string; readonly repository: string }): string | undefined;
  /** The one that has the experiment as its catalog of the repository. */
  ofCatalog(experiment: string | undefined, repository: string): T | undefined;
  /** True where one of these names may not write. */
  observes(names: readonly string[]): boolean;
  /** True where one of these (of those named, where names are given) may tag model versions. */
  tagsModels(names?: readonly string[]): boolean;
  /** Runs are read before it is known whose repositories they name: the lists of all installations count together. */
  rules(): ReferenceRules;
}

export function createInstallations<T extends Configured>(all: readonly T[]): Installations<T> {
  const byName = new Map(all.map((one) => [one.settings.name, one]));
  const among = (names: readonly string[] | undefined): readonly T[] =>
    names === undefined ? all : [...new Set(names)].flatMap((name) => byName.get(name) ?? []);

  return {
    all,
    names: [...byName.keys()],
    named: (name) => (name === undefined ? undefined : byName.get(name)),
    matching: ({ installation, repository, experiment, host }) =>
      createInstallations(
        all.filter(
          ({ settings }) =>
            (installation === undefined || settings.name === installation) &&
            (repository === undefined || matches(settings.repositories, repository)) &&
            (experiment === undefined || matches(settings.experiments, experiment)) &&
            (host === undefined || hostsOf(settings).has(host)),
        ),
      ),
    catalogOf: ({ installation, repository }) => {
      const known = byName.get(installation);
      return known && catalogName({ installation, catalog: known.settings.catalog, repository });
    },
    ofCatalog: (experiment, repository) =>
      all.find(
        ({ settings: { name, catalog } }) =>
          catalogName({ installation: name, catalog, repository }) === experiment,
      ),
    observes: (names) => among(names).some(({ settings }) => settings.mode === 'observe'),
    tagsModels: (names) =>
      among(names).some(({ settings }) => settings.tagModels && settings.mode === 'write'),
    rules: () => {
      const settings = all.map((one) => one.settings);
      return referenceRules({
        s3Domains: settings.flatMap(({ lakefs }) => lakefs.s3Domains),
        hosts: settings.flatMap((one) => [...hostsOf(one)]),
        keys: settings.flatMap(({ referenceKeys }) => referenceKeys),
        outputWords: settings.flatMap(({ outputWords }) => outputWords),
      });
    },
  };
}

/** The hosts, with ports where not the default, whose http(s) addresses name this lakeFS. */
function hostsOf({ lakefs }: Installation): ReadonlySet<string> {
  const { endpoint, publicUrl, hosts, s3Domains } = lakefs;
  const own = [endpoint, publicUrl].map((url) => new URL(url).host);
  return new Set([...own, ...hosts.map(asHost), ...s3Domains.map(asHost)]);
}

/** As a host is written in an address: in lower case; the usual port of a scheme is left out there. */
function asHost(given: string): string {
  const host = given.toLowerCase();
  return host.replace(/:(?:80|443)$/, '');
}

/** One MLflow server (or one workspace of it) and every installation that writes there. */
export interface InstallationGroup {
  /** The name of the first of them; jobs name the server by it. */
  readonly name: string;
  readonly installations: readonly Installation[];
}

/** Groups installations by the MLflow server, in the order given. */
export function byMlflowServer(installations: readonly Installation[]): readonly InstallationGroup[] {
  const groups = new Map<string, { name: string; installations: Installation[] }>();
  for (const installation of installations) {
    const { trackingUri, workspace } = installation.mlflow;
    const key = JSON.stringify([trackingUri, workspace]);
    const group = groups.get(key);
    if (group) group.installations.push(installation);
    else groups.set(key, { name: installation.name, installations: [installation] });
  }
  return [...groups.values()];
}

/**
 * Tells the jobs that need a server by their payloads: those of its installation, or, of MLflow, of every installation
 * that shares it.
 */
export function concernedBy(
  server: { readonly kind: 'lakeFS' | 'MLflow'; readonly installation: string },
  installations: readonly Installation[],
): (payload: unknown) => boolean {
  const groups = byMlflowServer(installations).map((group) => ({
    name: group.name,
    members: group.installations.map(({ name }) => name),
  }));
  const group = groups.find(({ members }) => members.includes(server.installation));
  const members = server.kind === 'MLflow' ? (group?.members ?? []) : [server.installation];
  return (payload) => {
    if (typeof payload !== 'object' || payload === null) return false;
    if ('installation' in payload) return members.includes(String(payload.installation));
    return 'server' in payload && payload.server === group?.name;
  };
}
