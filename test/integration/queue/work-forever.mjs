/** A process that takes one job from the embedded queue and never finishes it. */
import { createQueues } from '../../../dist/src/queue/create-queues.js';

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
const [dataDir = ''] = process.argv.slice(2);
const queues = await createQueues({ queueUrl: 'embedded', dataDir, log: silentLog });
queues.startWorkers({
  'register-commit': async () => ({ summary: '' }),
  'sweep-runs': async () => ({ summary: '' }),
  'reconcile-repository': async () => ({ summary: '' }),
  'link-run': () => {
    console.log('running');
    return new Promise(() => undefined);
  },
});
await queues.add({
  name: 'link-run',
  payload: { v: 1, server: 'default', run: 'interrupted' },
  cause: 'hook',
});
