import type { Sandbox } from '../../../src/sandbox/index.js';

export interface Answer {
  readonly status: number;
  readonly text: string;
  // Tests look at answers freely.
  readonly json: Record<string, unknown> & { readonly results: readonly Record<string, unknown>[] };
}

export interface Client {
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  upload(path: string, text: string, branch?: string): Promise<Answer>;
  /** @returns the commit id */
  commit(message: string, branch?: string): Promise<string>;
}

/** Calls a sandbox's REST API below one repository, which it creates. */
export async function makeClient(sandbox: Sandbox, repository = 'vision'): Promise<Client> {
  const authorization = `Basic ${Buffer.from(`${sandbox.accessKeyId}:${sandbox.secretAccessKey}`).toString('base64')}`;
  async function request(method: string, path: string, type: string, body?: string): Promise<Answer> {
    const response = await fetch(`${sandbox.endpoint}/api/v1/repositories${path}`, {
      method,
      headers: { authorization, 'content-type': type },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : {};
    return { status: response.status, text, json };
  }
  const client: Client = {
    call: (method, path, body) =>
      request(
        method,
        `/${repository}${path}`,
        'application/json',
        body === undefined ? undefined : JSON.stringify(body),
      ),
    upload: (path, text, branch = 'main') =>
      request(
        'POST',
        `/${repository}/branches/${branch}/objects?path=${encodeURIComponent(path)}`,
        'text/plain',
        text,
      ),
    commit: async (message, branch = 'main') => {
      const answer = await client.call('POST', `/branches/${branch}/commits`, { message });
      if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
      return String(answer.json.id);
    },
  };
  const body = { name: repository, storage_namespace: `local://${repository}` };
  await request('POST', '', 'application/json', JSON.stringify(body));
  return client;
}
