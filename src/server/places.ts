import type { Installation } from '../config/types.js';
import { withoutEndSlashes } from '../domain/slashes.js';

/** Where people open an installation's servers; without closing slashes. */
export function pagesOf({ lakefs, mlflow }: Installation): { lakefs: string; mlflow: string } {
  return { lakefs: lakefs.publicUrl, mlflow: mlflow.publicUrl };
}

/** The path at which browsers see the dashboard. */
export function dashboardPath(publicUrl: string): string {
  return `${withoutEndSlashes(new URL(publicUrl).pathname)}/queues`;
}

/** A job on the dashboard. */
export function jobPage(publicUrl: string, queue: string, jobId: string): string {
  return `${publicUrl}/queues/queue/${encodeURIComponent(queue)}/${encodeURIComponent(jobId)}`;
}
