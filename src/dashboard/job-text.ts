import { lakefsCommitPage } from '../domain/common/links-to.js';

/** What the dashboard knows of a job. The data may be of any shape: older releases and other hands wrote it. */
export interface JobView {
  readonly name: string;
  readonly data?: unknown;
  readonly returnvalue?: unknown;
}

export interface JobLink {
  readonly displayText: string;
  readonly href: string;
}

/** Where people open each installation's servers, by name of the installation; without closing slashes. */
export type InstallationPages = Readonly<
  Record<string, { readonly lakefs: string; readonly mlflow: string }>
>;

/** The names that our jobs give to their links. */
const linkTexts: Readonly<Record<string, string>> = { mlflow: 'Open in MLflow', lakefs: 'Open in lakeFS' };

/** The title of a job in the list: `register-commit mlflow-tracking @ 3afddad4fef9`. */
export function jobTitle(job: JobView): string {
  const { repository, commit, run, server, installation } = strings(job.data);
  if (repository !== undefined) {
    const at = commit === undefined ? '' : ` @ ${commit.slice(0, 12)}`;
    const where = installation === undefined || installation === 'default' ? '' : ` (${installation})`;
    return `${job.name} ${repository}${at}${where}`;
  }
  if (run !== undefined) return `${job.name} run ${run.slice(0, 12)}`;
  return server === undefined ? job.name : `${job.name} ${server}`;
}

/**
 * The link beside a job: the commit in lakeFS, else the first http address of its result, which for runs is the
 * run in MLflow, else MLflow. Never throws: an error here would turn the whole list into a 500.
 */
export function jobLink(job: JobView, pages: InstallationPages): JobLink {
  const { repository, commit, installation = 'default', server = installation } = strings(job.data);
  const page = Object.hasOwn(pages, server) ? pages[server] : undefined;
  if (repository !== undefined && commit !== undefined && page !== undefined) {
    const href = lakefsCommitPage(page.lakefs, encodeURIComponent(repository), encodeURIComponent(commit));
    return { displayText: 'Commit in lakeFS', href };
  }
  const first = resultLinks(job.returnvalue)[0];
  if (first !== undefined) return { displayText: linkTexts[first.text] ?? first.text, href: first.href };
  return { displayText: 'MLflow', href: page?.mlflow ?? Object.values(pages)[0]?.mlflow ?? '/' };
}

/** The addresses that a job's result names, in its order. */
function resultLinks(result: unknown): { readonly text: string; readonly href: string }[] {
  if (!isObject(result)) return [];
  return Object.entries(strings(result.links)).flatMap(([text, href]) =>
    href !== undefined && isWebAddress(href) ? [{ text, href }] : [],
  );
}

function strings(value: unknown): Partial<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keeps `javascript:` and the like out of links. */
function isWebAddress(href: string): boolean {
  return URL.canParse(href) && ['http:', 'https:'].includes(new URL(href).protocol);
}
