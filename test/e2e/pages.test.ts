import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { clientFor, commitObject, newRepository } from '../support/lakefs/lakefs.js';
import { type DataFolder, newDataFolder } from '../support/queue/data-folder.js';
import { freePort, type Started, waitFor } from '../support/servers/process.js';
import { realServers } from '../support/servers/real-servers.js';
import { startRedis } from '../support/servers/redis.js';
import { type RunningProcess, startServe } from '../support/service/service.js';

const browser = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => existsSync(file));

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(browser === undefined)('what people see in a browser', () => {
  let folder: DataFolder;
  let sandbox: Sandbox;
  let service: RunningProcess;
  let chrome: Browser;
  let repository: string;
  let commit: string;

  beforeAll(async () => {
    folder = await newDataFolder();
    sandbox = await startSandbox();
    service = await startServe({
      LAKECTL_SERVER_ENDPOINT_URL: sandbox.endpoint,
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: sandbox.accessKeyId,
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
      MLFLOW_TRACKING_URI: realServers().mlflow.url,
      LAKEFS_MLFLOW_DATA_DIR: folder.path,
    });
    const lakefs = clientFor({ ...sandbox, kind: 'sandbox', stop: async () => undefined });
    repository = await newRepository(lakefs, 'pages');
    commit = await commitObject(lakefs, repository, 'main', 'gold/train.csv', 'id\n1\n');
    const answer = await fetch(`${service.url}/hooks/lakefs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        event_type: 'post-commit',
        event_time: '2026-01-01T00:00:00Z',
        action_name: 'test',
        hook_id: 'test',
        repository_id: repository,
        branch_id: 'main',
        commit_id: commit,
      }),
    });
    expect(answer.status).toBe(202);
    await waitFor('the commit to be registered', async () => {
      const text = await (await fetch(`${service.url}/metrics`)).text();
      return /job="register-commit"[^\n]*state="completed"[^\n]* [1-9]|state="completed"[^\n]*register-commit[^\n]* [1-9]/.test(
        text,
      );
    });
    chrome = await chromium.launch({ executablePath: browser!, args: quiet });
  });
  afterAll(async () => {
    await chrome?.close();
    await service?.process.stop();
    await sandbox?.close();
    folder?.remove();
  });

  async function open(path: string, width: number): Promise<{ page: Page; troubles: string[] }> {
    const page = await chrome.newPage({ viewport: { width, height: 800 } });
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    await page.goto(`${service.url}${path}`, { waitUntil: 'networkidle' });
    return { page, troubles };
  }

  test.each([1280, 390])('the start page fits %d pixels and leads to the dashboard', async (width) => {
    const { page, troubles } = await open('/', width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.textContent('body')).toContain('lakefs-mlflow install');
    await page.click('a[href^="queues"]');
    await page.waitForSelector('text=register-commit');
    expect(troubles).toEqual([]);
    await page.close();
  });

  test.each([1280, 390])('at %d pixels a job names its commit and leads to lakeFS', async (width) => {
    const { page, troubles } = await open('/queues/queue/register-commit?status=completed', width);
    await page.waitForSelector(`text=${commit.slice(0, 12)}`);
    expect(
      await page.locator(`a[href*="/repositories/${repository}/commits/${commit}"]`).count(),
    ).toBeGreaterThan(0);
    expect(troubles).toEqual([]);
    await page.close();
  });
});

const { redis } = realServers();

describe.skipIf(browser === undefined || redis === null)('where the queue is full', () => {
  let folder: DataFolder;
  let store: Started;
  let admin: Redis;
  let service: RunningProcess;
  let chrome: Browser;

  beforeAll(async () => {
    folder = await newDataFolder();
    const port = await freePort();
    store = await startRedis({ binary: redis!.binary, port, folder: folder.path });
    admin = new Redis(port, '127.0.0.1');
    service = await startServe({
      LAKECTL_SERVER_ENDPOINT_URL: 'http://127.0.0.1:1',
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: 'key',
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'secret',
      MLFLOW_TRACKING_URI: 'http://127.0.0.1:1',
      LAKEFS_MLFLOW_QUEUE_URL: `redis://127.0.0.1:${port}`,
      LAKEFS_MLFLOW_DATA_DIR: folder.path,
    });
    chrome = await chromium.launch({ executablePath: browser!, args: quiet });
  });
  afterAll(async () => {
    await chrome?.close();
    await service?.process.stop();
    admin?.disconnect();
    await store?.stop('SIGKILL');
    folder?.remove();
  });

  test('the dashboard says so on desktop and phone, with the reason, until it is not', async () => {
    const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${service.url}/queues/`, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('text=register-commit');
    const banner = page.getByRole('alert');
    expect(await banner.count()).toBe(0);
    await admin.config('SET', 'maxmemory', '40');
    const text =
      /^Queue not working: Redis at 127.0.0.1:\d+: its memory is full: raise maxmemory.* Events are refused/;
    await banner.filter({ hasText: text }).waitFor();
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const { x, y, width: wide, height } = (await banner.boundingBox())!;
      expect([x, wide, y + height]).toEqual([0, width, 800]);
    }
    await admin.config('SET', 'maxmemory', '0');
    await banner.waitFor({ state: 'hidden' });
    await page.close();
  });
});
