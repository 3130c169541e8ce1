import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createLakefsClient } from '../../src/lakefs/client.js';
import { onLoopback } from '../support/servers/loopback.js';

/** JSON writes each with two characters. */
const message = JSON.stringify('\r'.repeat(1_000_000));

/** A lakeFS with so many commits, the newest first, whose messages are 1 MB of carriage returns each. */
async function lakefsWith(commits: number) {
  const server = createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const start = Number(searchParams.get('after') ?? '0');
    const end = Math.min(start + Number(searchParams.get('amount')), commits);
    const closed = once(response, 'close');
    const write = async (text: string): Promise<void> => {
      if (!response.destroyed && !response.write(text))
        await Promise.race([once(response, 'drain').catch(() => undefined), closed]);
    };
    response.setHeader('content-type', 'application/json');
    response.on('error', () => undefined);
    await write('{"results": [');
    for (let n = start; n < end && !response.destroyed; n += 1) {
      const id = (commits - n).toString(16).padStart(64, '0');
      const rest = { id, parents: [], committer: 'jane', creation_date: 1, meta_range_id: '', metadata: {} };
      await write(`${n === start ? '' : ','}${JSON.stringify(rest).slice(0, -1)}, "message": ${message}}`);
    }
    if (response.destroyed) return;
    const pagination = {
      has_more: end < commits,
      next_offset: String(end),
      results: end - start,
      max_per_page: 1000,
    };
    response.end(`], "pagination": ${JSON.stringify(pagination)}}`);
  });
  const { url: endpoint, stop } = await onLoopback(server);
  onTestFinished(stop);
  return createLakefsClient({ endpoint, accessKeyId: 'a', secretAccessKey: 'b' });
}

test('a log of 110 commits with 1 MB of carriage returns as message, 220 MB in a page, is read to its end', async () => {
  const lakefs = await lakefsWith(110);
  const ids: number[] = [];
  for await (const { id } of lakefs.log('repo', 'main', { firstParent: true }))
    ids.push(Number.parseInt(id, 16));
  expect(ids).toEqual(Array.from({ length: 110 }, (_, n) => 110 - n));
});
