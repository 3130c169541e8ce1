// What anyone would write first: the other side of the benchmark "events".
import { Queue } from 'bullmq';
import express from 'express';

const { REDIS_URL, PORT } = process.env;
const queue = new Queue('events', { connection: { url: REDIS_URL } });
const app = express();

app.use(express.json());
app.post('/hooks/lakefs', async (request, response) => {
  const job = await queue.add('event', request.body);
  response.status(202).json({ status: 'accepted', id: job.id });
});
app.get('/health/ready', (_request, response) => {
  response.json({ status: 'ready' });
});
app.listen(Number(PORT), '127.0.0.1');
