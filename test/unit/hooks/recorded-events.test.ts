import { readFileSync } from 'node:fs';
import { request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFastServer } from '../../../hooks/fast-server.js';
import { harness, installation } from './fixtures.js';

interface Recorded {
  readonly name: string;
  readonly request: { readonly headers: readonly [string, string][]; readonly body: string };
}

const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL('../../data/events/webhooks.json', import.meta.url), 'utf8'),
);

/** No token is set, as where lakeFS and we run on one machine: some recorded hooks were sent without one. */
const { app, added } = harness([installation({ hookTokens: [] })]);
const server = createFastServer(app);
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
});

/** Sends the headers exactly as lakeFS did, doubled ones too. */
function replay({ headers, body }: Recorded['request']): Promise<{ status: number; answer: Answer }> {
  return new Promise((resolve, reject) => {
    const request = send(
      { port, host: '127.0.0.1', method: 'POST', path: '/hooks/lakefs', headers: headers.flat() },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, answer: JSON.parse(text) }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

interface Answer {
  readonly status: string;
  readonly message: string;
}

describe('each webhook that a real lakeFS sent', () => {
  test('covers all 17 kinds of event', () => {
    const kinds = new Set(recorded.map(({ request }) => JSON.parse(request.body).event_type));
    expect(kinds.size).toBe(17);
  });

  test.each(recorded.map((one, index) => [index + 1, one.name, one.request] as const))(
    '%i %s is accepted or ignored for the right reason',
    async (_, __, request) => {
      const before = added.length;
      const { status, answer } = await replay(request);
      const sent = JSON.parse(request.body);
      expect(status).toBe(202);
      if (/^post-(commit|merge|revert|cherry-pick)$/.test(sent.event_type)) {
        expect(answer.status).toBe('accepted');
        expect(added[before]?.payload).toEqual({
          v: 1,
          installation: 'default',
          repository: sent.repository_id,
          commit: sent.commit_id,
          branch: sent.branch_id,
          news: 'commit',
        });
      } else {
        expect(answer.status).toBe('ignored');
        expect(answer.message).toContain(
          sent.event_type.startsWith('post-') ? 'creates no commit' : 'post- events',
        );
        expect(added).toHaveLength(before);
      }
    },
  );
});
