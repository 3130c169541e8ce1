// Sends events over 50 connections that are kept, each with a commit of its own; prints what came of them.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

const { values } = parseArgs({
  options: { url: { type: 'string' }, token: { type: 'string' }, seconds: { type: 'string' } },
});
const event = JSON.stringify({
  event_type: 'post-commit',
  event_time: '2026-05-04T03:02:01Z',
  action_name: 'lakefs-mlflow',
  hook_id: 'notify',
  repository_id: 'mlflow-tracking',
  branch_id: 'experiment-1',
  source_ref: 'experiment-1',
  commit_id: '@',
  commit_message: 'Clean the training data of April and drop rows without a label',
  committer: 'ada',
  commit_metadata: { job: 'clean-train', source: 'airflow', run: '2026-05-04T03:00:00Z' },
});
const [head, tail] = event.split('@');
// Random bytes are drawn once: the sender has only two cores to share with those that it measures.
const salt = randomBytes(24).toString('hex');
let sent = 0;

const result = await autocannon({
  url: `${values.url}/hooks/lakefs`,
  connections: 50,
  duration: Number(values.seconds),
  requests: [
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${values.token}` },
      setupRequest: (request) => {
        sent += 1;
        return { ...request, body: `${head}${salt}${sent.toString(16).padStart(16, '0')}${tail}` };
      },
    },
  ],
});
const { latency, duration, non2xx, errors } = result;
process.stdout.write(
  `${JSON.stringify({ accepted: result['2xx'], seconds: duration, p50: latency.p50, p99: latency.p99, refused: non2xx, errors })}\n`,
);
