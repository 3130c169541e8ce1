import type { Installation } from '../config/types.js';
import { withoutEndSlashes } from '../domain/paths/path.js';

/** Where people open an installation's servers; without closing slashes. */
export function pagesOf({ lakefs, mlflow }: Installation): { lakefs: string; mlflow: string } {
  return { lakefs: lakefs.publicUrl, mlflow: mlflow.publicUrl };
}

/** The path of the public address, without a closing slash; empty where it has none. */
export function publicPath(publicUrl: string): string {
  return withoutEndSlashes(new URL(publicUrl).pathname);
}

/** A job on the dashboard. */
export function jobPage(publicUrl: string, queue: string, jobId: string): string {
  return `${publicUrl}/queues/queue/${encodeURIComponent(queue)}/${encodeURIComponent(jobId)}`;
}
