import { expect, test, vi } from 'vitest';
import { HttpError } from '../../../src/http/error.js';
import { watchServers } from '../../../src/server/server-watch.js';
import { queueCounts } from '../../support/queue/doubles.js';
import { installationFor } from '../../support/service/settings.js';

test('"the server answers again" says how many jobs waited and run now, and how many failed ones are retried', async () => {
  const lines: [object, string][] = [];
  const info = (facts: object, text: string) => void lines.push([facts, text]);
  const ignore = () => undefined;
  const installation = installationFor({
    ...{ endpoint: 'http://127.0.0.1:1', accessKeyId: 'key', secretAccessKey: 'secret' },
  });
  const queues = {
    bringForward: async () => ({ delayed: 3, failed: 2 }),
    // After bringing forward: the jobs have run by then.
    counts: async () => queueCounts(),
  };
  const watch = watchServers([installation], queues, { debug: ignore, info, warn: ignore, error: ignore });
  let answers = false;
  const standing = watch.standingOf({ kind: 'MLflow', installation: 'default' }, async () => {
    if (!answers) throw new HttpError({ name: 'MLflow', method: 'GET', url: 'http://m/x', status: 503 });
  });
  await standing.answers(Date.now());
  answers = true;
  standing.answered(Date.now());
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  const [facts, text] = lines[0]!;
  expect(text).toBe('the server answers again');
  expect(facts).toEqual({
    ...{ server: 'MLflow', installation: 'default', awayForSeconds: 0 },
    ...{ waited: 3, retried: 2 },
  });
});
