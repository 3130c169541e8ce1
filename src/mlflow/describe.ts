import { toLine } from '../domain/common/text.js';
import type { HttpFailureFacts } from '../http/classify.js';
import { describe, serverWords } from '../http/describe.js';
import { readAnswer } from './classify.js';

/** "Error <purpose>: " as in mlflow-js, then what happened to what, and what to do where that is known. */
export function describeMlflow(facts: HttpFailureFacts): string {
  return `Error ${facts.purpose ?? 'calling MLflow'}: ${explain(facts)}`;
}

function explain(facts: HttpFailureFacts): string {
  const { errorCode } = readAnswer(facts.json);
  const what = `${facts.method} ${facts.url}`;
  if (errorCode !== undefined) {
    const said =
      `${toLine(serverWords(facts.json) ?? '', 2_000)} (${facts.status} ${toLine(errorCode, 100)}, ${what})`.trimStart();
    return facts.status === 403 ? `${said}. ${missingRight(facts)}` : said;
  }
  const text = describe(facts);
  const advice = adviceFor(facts);
  return advice === undefined ? text : `${text}. ${advice}`;
}

function adviceFor({ status, body = '', url, method }: HttpFailureFacts): string | undefined {
  if (status === 403 && body.includes('Invalid Host header')) {
    const { host } = new URL(url);
    return `MLflow refuses the Host header "${host}": start it with --allowed-hosts "${host}" (or MLFLOW_SERVER_ALLOWED_HOSTS), with the port`;
  }
  if (status === 401) {
    return 'MLflow requires a login, or refuses this one: check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN';
  }
  if (status === 403) return missingRight({ method, url });
  if (status === 404) {
    return 'MLflow has no such route: check MLFLOW_TRACKING_URI, including its path prefix, and the version of the server';
  }
  return undefined;
}

/** MLflow says so of what is in another workspace, too, and of runs that are gone. */
function missingRight({ method, url }: Pick<HttpFailureFacts, 'method' | 'url'>): string {
  const permission = isReading(method, url) ? 'READ' : 'EDIT';
  return `The user of MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or of MLFLOW_TRACKING_TOKEN, may not do this in MLflow: give it the permission ${permission} on the experiment or model, and check MLFLOW_WORKSPACE where the server has workspaces`;
}

/** MLflow's searches are POSTs that change nothing. */
function isReading(method: HttpFailureFacts['method'], url: string): boolean {
  return method === 'GET' || /\/(search|get-latest-versions)$/.test(new URL(url).pathname);
}
