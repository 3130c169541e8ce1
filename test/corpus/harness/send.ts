import type { Send } from './run-steps.js';

/** Sends requests to MLflow as they are, past the service's own client. */
export function sendTo(mlflowUrl: string): Send {
  return async (path, body) => {
    const answer = await fetch(`${mlflowUrl}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`MLflow answered ${answer.status} to ${path}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
}
