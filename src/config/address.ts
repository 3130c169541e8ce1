import { withoutEndSlashes } from '../domain/paths/path.js';
import type { Parsed } from './values.js';

/** An http(s) address without a closing slash, and the credentials that were written into it. */
export interface Address {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** Takes an http(s) address apart. The problem names the kind of address at most: a bad one may hold secrets. */
export function parseAddress(text: string): Parsed<Address> {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed)) return { problem: describeScheme(trimmed) };
  if (!URL.canParse(trimmed)) return { problem: 'is not a valid address' };
  const url = new URL(trimmed);
  const unsupported = unsupportedServer(url);
  if (unsupported !== undefined) return { problem: unsupported };
  if (url.search !== '' || url.hash !== '') return { problem: 'must not have a "?" or "#" part' };
  const username = decode(url.username);
  const password = decode(url.password);
  url.username = '';
  url.password = '';
  return {
    value: {
      url: withoutEndSlashes(url.href),
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
    },
  };
}

function describeScheme(text: string): string {
  const must = 'must be an address that starts with http:// or https://';
  const scheme = /^([a-z][a-z0-9]*)(?:\+\w+)?:/i.exec(text)?.[1]?.toLowerCase() ?? text.toLowerCase();
  if (['sqlite', 'postgresql', 'postgres', 'mysql', 'mssql'].includes(scheme)) {
    return `${must}; this is a database: start "mlflow server --backend-store-uri …" on it and give the address of that server`;
  }
  if (['databricks', 'databricks-uc', 'uc'].includes(scheme)) {
    return `${must}; for Databricks give the https address of the workspace and a token`;
  }
  if (scheme === 'arn') return `${must}; ${signedByAws}`;
  if (scheme === 'file' || /^[./~]/.test(text)) {
    return `${must}; this is a folder: start "mlflow server" on it and give the address of that server`;
  }
  return must;
}

const signedByAws =
  "SageMaker accepts only requests signed with AWS keys (SigV4), which this service does not send: run a proxy that signs requests and adds the header with the server's ARN, and give its address";

/** What answers in the place of MLflow and cannot be used; undefined for all else. */
function unsupportedServer({ hostname, pathname }: URL): string | undefined {
  // As the plugin sagemaker-mlflow makes them of an ARN.
  if (/\.experiments\.sagemaker\.aws$|^mlflow\.sagemaker\.[a-z0-9-]+\.app\.aws$/.test(hostname))
    return signedByAws;
  // https://docs.gitlab.com/user/project/ml/experiment_tracking/mlflow_client/
  if (/\/api\/v4\/projects\/[^/]+\/ml\/mlflow\/?$/.test(pathname)) {
    return 'is the MLflow API of a GitLab project, which stores no dataset inputs: run an MLflow server ("mlflow server") and give its address';
  }
  return undefined;
}

/** A `%` that encodes nothing is part of the password. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
