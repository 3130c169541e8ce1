/** A process that adds jobs to the embedded queue until it is killed; one line per add that was answered. */
import { createQueues } from '../../../src/queue/create-queues.js';
import { silentLog } from './silent-log.js';

const [dataDir = ''] = process.argv.slice(2);
const queues = await createQueues({ queueUrl: 'embedded', dataDir, log: silentLog });
console.log('open');
for (let run = 0; ; run += 1) {
  const payload = { v: 1, server: 'default', run: `run-${run}` } as const;
  const { id } = await queues.add({ name: 'link-run', payload, cause: 'hook' });
  console.log(`added ${id}`);
}
