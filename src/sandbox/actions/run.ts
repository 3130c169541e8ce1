import type { Action, Hook } from './action.js';
import { holds } from './condition.js';
import { type EventFacts, eventBody } from './event.js';
import { postHook } from './post.js';
import type { HookRecord } from './records.js';
import { prepareWebhook, type Webhook } from './webhook.js';

/** One action that an event concerns, ready to be sent. */
export interface Task {
  readonly action: Action;
  readonly hooks: readonly { readonly hook: Hook; readonly webhook: Webhook | undefined }[];
}

/** @throws InvalidAction; then nothing of the event is sent at all, other actions included */
export function prepareTask(action: Action, env: Readonly<Record<string, string>>): Task {
  const hooks = action.hooks.map((hook) => ({
    hook,
    webhook: hook.type === 'webhook' ? prepareWebhook(action, hook, env) : undefined,
  }));
  return { action, hooks };
}

/** Runs the hooks of one action in order: a failed one lets those be skipped whose `if` does not hold. */
export async function runTask(
  task: Task,
  index: number,
  facts: EventFacts,
  repositoryId: string,
  now: () => number,
): Promise<HookRecord[]> {
  const records: HookRecord[] = [];
  for (const [position, { hook, webhook }] of task.hooks.entries()) {
    const known = {
      hookRunId: `${String(index).padStart(4, '0')}_${String(position).padStart(4, '0')}`,
      hookId: hook.id,
      action: task.action.name,
    };
    const succeeded = records.every((record) => record.status !== 'failed');
    const startMs = now();
    let output = '';
    let status: HookRecord['status'] = 'completed';
    try {
      if (!holds(hook.condition, succeeded)) {
        records.push({ ...known, status: 'skipped', startMs: 0, endMs: 0, output: '' });
        continue;
      }
      if (webhook === undefined) throw new Error(`the sandbox lakeFS does not run ${hook.type} hooks`);
      const context = { actionName: task.action.name, hookId: hook.id, repositoryId, nowMs: startMs };
      const body = eventBody(facts, context);
      output = requestText(webhook, body);
      const began = performance.now();
      const took = (): string => `Request duration: ${goDuration(performance.now() - began)}\n`;
      const answer = await postHook(webhook, body).finally(() => {
        output += took();
      });
      output += `\nResponse:\n${answer.dump}`;
      if (answer.status < 200 || answer.status > 299) {
        throw new Error(`webhook request failed (status code: ${answer.status})`);
      }
    } catch (error) {
      status = 'failed';
      output += `Error: ${failureText(error)}\n`;
    }
    records.push({ ...known, status, startMs, endMs: now(), output });
  }
  return records;
}

function failureText(error: unknown): string {
  return `action failed: ${error instanceof Error ? error.message : String(error)}`;
}

function requestText(webhook: Webhook, body: string): string {
  const lines = (values: Webhook['headers']): string =>
    values.map(({ name, text, secret }) => `${name}: ${secret ? '*******' : text}\n`).join('');
  return (
    `Request:\nPOST ${webhook.url}\nQuery Params:\n${lines(webhook.query)}` +
    `Headers:\n${lines(webhook.headers)}Content-Type: application/json\nRequest Body:\n${body}\n\n\n`
  );
}

function goDuration(ms: number): string {
  if (ms >= 1000) return `${ms / 1000}s`;
  return ms >= 1 ? `${ms.toFixed(6)}ms` : `${(ms * 1000).toFixed(3)}µs`;
}
