import type { ServerState } from '../domain/common/server-state.js';
import type { JobCounts } from '../queue/types.js';
import { whileQueueFails } from '../server/queue-watch.js';
import { type Html, html } from './html.js';
import { style } from './style.js';

export interface StartPageFacts {
  readonly user: string;
  readonly role: string;
  /** Undefined where the queue works. */
  readonly queueProblem: string | undefined;
  /** Undefined where they cannot be read. */
  readonly counts: Readonly<Record<string, JobCounts>> | undefined;
  readonly servers: readonly (ServerState & { readonly kind: string; readonly installation: string })[];
  readonly installations: readonly {
    readonly name: string;
    readonly mode: string;
    readonly lakefs: string;
    readonly mlflow: string;
    /** Where lakeFS sends its events. */
    readonly hookUrl: string;
  }[];
}

/** The first page that a person sees: what this is, whether it works, where to go on. */
export function startPage(facts: StartPageFacts): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>lakefs-mlflow</title>
<style>${{ html: style }}</style>
</head>
<body>
<main>
<h1>lakefs-mlflow</h1>
<p class="lead">Every lakeFS commit becomes a candidate dataset in MLflow, and every run that read it is tagged with it. So MLflow itself answers which runs used which data.</p>
${links(facts)}
${servers(facts)}
${queue(facts)}
${facts.installations.map(install)}
<footer>You are ${facts.user} (${facts.role}).</footer>
</main>
</body>
</html>
`;
  return page.html;
}

function links({ installations }: StartPageFacts): Html {
  const several = installations.length > 1;
  return html`<section>
<h2>Where to look</h2>
<ul class="links">
<li><a href="queues/">Dashboard</a><p class="soft">What happened to each commit and run</p></li>
${installations.map(({ name, lakefs, mlflow }) => {
  const suffix = several ? ` (${name})` : '';
  return html`<li><a href="${mlflow}">MLflow${suffix}</a><p class="soft">${mlflow}</p></li>
<li><a href="${lakefs}">lakeFS${suffix}</a><p class="soft">${lakefs}</p></li>
`;
})}</ul>
</section>`;
}

/** How lakeFS and MLflow stand to us; nothing where this process has not asked them yet. */
function servers({ servers: reports, installations }: StartPageFacts): Html {
  if (reports.length === 0) return html``;
  return html`<section>
<h2>Servers</h2>
${reports.map((report) => {
  const name = installations.length > 1 ? `${report.kind} (${report.installation})` : report.kind;
  return serverState(name, report);
})}</section>`;
}

function serverState(name: string, { condition, since, lastError }: ServerState): Html {
  const why = lastError === undefined ? html`` : html`<p class="soft">${lastError.text}</p>`;
  const from = `${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  switch (condition) {
    case 'up':
      return html`<p class="good">${name} answers</p>`;
    case 'unknown':
      return html`<p>${name} has not been asked yet</p>`;
    case 'down':
      return html`<p class="bad">${name} has been unavailable since ${from}: jobs wait until it is back</p>${why}`;
    case 'refusing':
      return html`<p class="bad">${name} has refused our requests since ${from}: jobs wait until it accepts them</p>${why}`;
  }
}

function queue({ queueProblem, counts, servers: reports }: StartPageFacts): Html {
  const troubled = reports.some(({ condition }) => condition === 'down' || condition === 'refusing');
  const state =
    queueProblem === undefined
      ? troubled
        ? html`<p>Events are stored; jobs wait for the servers</p>`
        : html`<p class="good">Working</p>`
      : html`<p class="bad">Not working: ${queueProblem}</p><p class="soft">${whileQueueFails}</p>`;
  return html`<section>
<h2>Queue</h2>
${state}
${counts === undefined ? html`` : countsTable(counts)}
</section>`;
}

function countsTable(counts: Readonly<Record<string, JobCounts>>): Html {
  return html`<div class="scroll"><table>
<tr><th>Job</th><th>waiting</th><th>active</th><th>delayed</th><th>failed</th><th>done</th></tr>
${Object.entries(counts).map(
  ([job, states]) =>
    html`<tr><td>${job}</td><td>${states.waiting}</td><td>${states.active}</td><td>${states.delayed}</td><td>${
      states.failed > 0 ? html`<span class="bad">${states.failed}</span>` : states.failed
    }</td><td>${states.completed}</td></tr>
`,
)}</table></div>`;
}

function install({ name, hookUrl, mode }: StartPageFacts['installations'][number]): Html {
  const other = name === 'default' ? '' : ` --installation ${name}`;
  return html`<section>
<h2>Install the action${name === 'default' ? '' : html` for ${name}`}</h2>
<p>lakeFS calls us where a branch holds our action file. This command puts it on a repository's branches:</p>
<pre>npx lakefs-mlflow install REPOSITORY --all-branches${other} --url ${hookUrl}</pre>
<p class="soft">Add <code>--print</code> to see the file first. ${
    mode === 'observe'
      ? 'This installation only observes: the catalog is written, no run is tagged.'
      : 'From then on commits, merges, reverts and cherry-picks are announced.'
  }</p>
</section>`;
}
