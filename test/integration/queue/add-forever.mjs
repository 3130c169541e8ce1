/** A process that adds jobs to the embedded queue until it is killed; one line per add that was answered. */
import { createQueues } from '../../../dist/src/queue/create-queues.js';

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
const [dataDir = ''] = process.argv.slice(2);
const queues = await createQueues({ queueUrl: 'embedded', dataDir, log: silentLog });
console.log('open');
for (let run = 0; ; run += 1) {
  const payload = { v: 1, server: 'default', run: `run-${run}` };
  const { id } = await queues.add({ name: 'link-run', payload, cause: 'hook' });
  console.log(`added ${id}`);
}
