import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../config/load.js';
import type { Settings } from '../../config/types.js';
import { createRedactor } from '../../http/redact.js';
import { type RunningService, startService } from '../../main.js';
import { createConsoleLog } from '../../telemetry/console-log.js';
import { secretsOf } from '../../telemetry/secrets.js';
import type { LakefsServer } from './lakefs-server.js';
import { choosePort } from './ports.js';

export interface DemoService {
  readonly running: RunningService;
  readonly settings: Settings;
  readonly remark: string;
}

interface Parts {
  readonly lakefs: LakefsServer;
  readonly mlflowUrl: string;
  readonly token: string;
  readonly folder: string;
}

/**
 * Starts the service in this process as `lakefs-mlflow serve` does, on its embedded queue. Nothing is taken from the
 * user's environment: a REDIS_URL there is not for a demo.
 */
export async function startDemoService({ lakefs, mlflowUrl, token, folder }: Parts): Promise<DemoService> {
  const { port, remark } = await choosePort(8321);
  const settings = loadSettings(
    {
      LAKECTL_SERVER_ENDPOINT_URL: lakefs.endpoint,
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: lakefs.accessKeyId,
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: lakefs.secretAccessKey,
      LAKEFSACTION_BRIDGE_TOKEN: token,
      MLFLOW_TRACKING_URI: mlflowUrl,
      LAKEFS_MLFLOW_MLFLOW_CONNECTIONS: 'reuse',
      LAKEFS_MLFLOW_PORT: String(port),
      LAKEFS_MLFLOW_DATA_DIR: join(folder, 'service'),
      // A person is watching.
      LAKEFS_MLFLOW_SWEEP_INTERVAL: '2s',
      LAKEFS_MLFLOW_SHUTDOWN_DEADLINE: '3s',
      LAKEFS_MLFLOW_SHUTDOWN_DRAIN: '0s',
    },
    () => {
      throw new Error('the demo reads no settings file');
    },
    { home: folder },
  );
  const file = join(folder, 'service.log');
  writeFileSync(file, '', { mode: 0o600 });
  const redact = createRedactor(secretsOf(settings));
  const log = createConsoleLog('info', redact, (line) => appendFileSync(file, line), Date.now);
  return { running: await startService(settings, { role: 'all', log }), settings, remark };
}
