// A lakeFS for one benchmark: prints its address and keys, and runs until it is ended.
import { startSandbox } from '../../src/sandbox/index.js';
import { benchToken } from '../support/service.js';

const sandbox = await startSandbox({ env: { LAKEFSACTION_BRIDGE_TOKEN: benchToken } });
const { endpoint, accessKeyId, secretAccessKey } = sandbox;
process.stdout.write(`${JSON.stringify({ endpoint, accessKeyId, secretAccessKey })}\n`);
