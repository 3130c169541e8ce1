/** Addresses of the two systems' pages. `publicUrl` is where people open them, without a closing slash. */

export function lakefsCommitPage(publicUrl: string, repository: string, commit: string): string {
  return `${lakefsRepositoryPage(publicUrl, repository)}/commits/${commit}`;
}

export function lakefsRepositoryPage(publicUrl: string, repository: string): string {
  return `${publicUrl}/repositories/${repository}`;
}

/** `path` may be empty: the root. */
export function lakefsObjectsPage(publicUrl: string, repository: string, ref: string, path: string): string {
  const query = new URLSearchParams(path === '' ? { ref } : { ref, path: path.toWellFormed() });
  return `${lakefsRepositoryPage(publicUrl, repository)}/objects?${query}`;
}

/** Without `/runs` MLflow 3 shows an empty GenAI page. */
export function mlflowExperimentPage(publicUrl: string, experimentId: string): string {
  return `${publicUrl}/#/experiments/${experimentId}/runs`;
}

export function mlflowVersionPage(publicUrl: string, name: string, version: string): string {
  return `${publicUrl}/#/models/${encodeURIComponent(name.toWellFormed())}/versions/${version}`;
}

export function mlflowRunPage(publicUrl: string, experimentId: string, runId: string): string {
  return `${mlflowExperimentPage(publicUrl, experimentId)}/${runId}`;
}
