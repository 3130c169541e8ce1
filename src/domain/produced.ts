/** What a commit's metadata names in MLflow: the runs and model versions that made the commit. */
export interface Makers {
  /** Run ids as the metadata has them. Whether MLflow has such a run is not known yet. */
  readonly runs: readonly string[];
  readonly versions: readonly { readonly name: string; readonly version: string }[];
}

/** More than this in one commit's metadata is a list of something else. */
const maxMakers = 100;

const runId = /^[0-9a-f]{32}$/i;

/**
 * Reads a commit's metadata for runs and model versions of MLflow: ids (`mlflow_run_id`), `runs:/…` and
 * `models:/name/version` addresses, and addresses of MLflow's pages, as lakeFS's samples write them to show a button
 * (`::lakefs::<label>::url[url:ui]`). A bare id counts only where its key speaks of a run or of MLflow: 32 hex
 * digits are also the form of a checksum. A model's page counts only on one of `hosts` (with port): its name may
 * exist on any server, a run's id on one only.
 */
export function makersOf(metadata: Readonly<Record<string, string>>, hosts: readonly string[]): Makers {
  const runs = new Set<string>();
  const versions = new Map<string, Makers['versions'][number]>();
  for (const [key, value] of Object.entries(metadata)) {
    const text = value.trim();
    const run = runIn(key, text);
    if (run !== undefined) runs.add(run);
    const version = versionIn(text, hosts);
    if (version !== undefined) versions.set(`${version.name}/${version.version}`, version);
  }
  return { runs: [...runs].slice(0, maxMakers), versions: [...versions.values()].slice(0, maxMakers) };
}

export function hasMakers({ runs, versions }: Makers): boolean {
  return runs.length + versions.length > 0;
}

function runIn(key: string, text: string): string | undefined {
  if (runId.test(text)) return /run|mlflow/i.test(key) ? text.toLowerCase() : undefined;
  if (!/^(?:https?|runs):/i.test(text)) return undefined;
  // `runs:/<id>/…`, and `…#/experiments/<id>/runs/<run id>` with whatever tab of the page behind it.
  const found = /^runs:\/+([0-9a-f]{32})(?![0-9a-z])/i.exec(text) ?? pageRun.exec(text);
  return found?.[1]?.toLowerCase();
}

const pageRun = /\/experiments\/\d+\/runs\/([0-9a-f]{32})(?![0-9a-z])/i;

function versionIn(text: string, hosts: readonly string[]): Makers['versions'][number] | undefined {
  const address = /^models:\/+([^/@]+)\/(\d+)$/.exec(text);
  if (address !== null) return versionOf(address[1], address[2]);
  if (!/^https?:/i.test(text) || !URL.canParse(text) || !hosts.includes(new URL(text).host)) return undefined;
  const page = /#\/models\/([^/?#]+)\/versions\/(\d+)(?!\d)/.exec(text);
  return page === null ? undefined : versionOf(decoded(page[1] ?? ''), page[2]);
}

function versionOf(name: string | undefined, version: string | undefined) {
  return name === undefined || name === '' || version === undefined ? undefined : { name, version };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The tag on a run that names a commit which says that the run made it. */
export function producedTag(commit: { readonly repository: string; readonly commit: string }): string {
  return `lakefs.produced.${commit.repository}.${commit.commit.slice(0, 12)}`;
}
