import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { freePort, waitFor } from '../test/support/servers/process.js';
import type { Program } from './support/programs.js';
import { isUp, type Server, startRedis } from './support/servers.js';
import { benchToken, startService } from './support/service.js';
import { figure, median } from './support/statistics.js';
import type { Bench, BenchContext, BenchResult } from './support/types.js';

interface Load {
  readonly accepted: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
  readonly errors: number;
}

interface Measured extends Load {
  readonly perSecond: number;
  /** Processor time for one event, in µs. */
  readonly receiverUs: number;
  readonly redisUs: number;
  /** Share of one core that was busy. */
  readonly receiverBusy: number;
  readonly redisBusy: number;
}

/** Events accepted per second, against the plain receiver that anyone would write. */
export const events: Bench = {
  title: 'Events accepted on Redis, 50 connections, against stock Express + express.json + queue.add',
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const redis = await startRedis(context);
  const ours = await startService(context, {
    role: 'receive',
    queueUrl: redis.url,
    // Nothing listens there: a receiver asks neither.
    mlflowUrl: 'http://127.0.0.1:9',
    lakefs: { url: 'http://127.0.0.1:9', accessKeyId: 'none', secretAccessKey: 'none' },
  });
  const stock = await startStock(context, redis);
  const control = new Redis(redis.url);
  const sides = { ours: [] as Measured[], stock: [] as Measured[] };
  const measure = async (server: Server, seconds: number): Promise<Measured> => {
    const measured = await measureLoad(server, redis.program, seconds);
    await control.flushall();
    return measured;
  };
  try {
    context.note('warming up');
    await measure(ours, 3);
    await measure(stock, 3);
    const rounds = context.quick ? 3 : 9;
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? (['ours', 'stock'] as const) : (['stock', 'ours'] as const);
      for (const side of order) {
        sides[side].push(await measure(side === 'ours' ? ours : stock, context.quick ? 3 : 5));
      }
      context.note(
        `round ${round + 1} of ${rounds}: ${figure(sides.ours.at(-1)?.perSecond ?? 0)}/s against ${figure(sides.stock.at(-1)?.perSecond ?? 0)}/s`,
      );
    }
  } finally {
    control.disconnect();
  }
  return report(sides.ours, sides.stock);
}

async function startStock({ programs }: BenchContext, redis: Server): Promise<Server> {
  const port = await freePort();
  const script = fileURLToPath(new URL('processes/stock-receiver.mjs', import.meta.url));
  const program = programs.start(process.execPath, [script], { REDIS_URL: redis.url, PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  await waitFor('the stock receiver', () => isUp(program, `${url}/health/ready`));
  return { url, program };
}

async function measureLoad({ url, program }: Server, redis: Program, seconds: number): Promise<Measured> {
  const before = { receiver: program.cpuMs(), redis: redis.cpuMs() };
  const load = await sendLoad(url, seconds);
  const receiverMs = program.cpuMs() - before.receiver;
  const redisMs = redis.cpuMs() - before.redis;
  if (load.refused + load.errors > 0)
    throw new Error(`${url} refused or dropped events: ${JSON.stringify(load)}\n${program.output()}`);
  return {
    ...load,
    perSecond: load.accepted / load.seconds,
    receiverUs: (receiverMs * 1_000) / load.accepted,
    redisUs: (redisMs * 1_000) / load.accepted,
    receiverBusy: receiverMs / (load.seconds * 1_000),
    redisBusy: redisMs / (load.seconds * 1_000),
  };
}

function sendLoad(url: string, seconds: number): Promise<Load> {
  const script = fileURLToPath(new URL('processes/load.ts', import.meta.url));
  const args = ['--import', 'tsx', script, '--url', url, '--token', benchToken, '--seconds', String(seconds)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let answer = '';
    let trouble = '';
    child.stdout.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      trouble += chunk.toString();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(JSON.parse(answer)) : reject(new Error(`the load could not be sent:\n${trouble}`)),
    );
  });
}

function report(ours: readonly Measured[], stock: readonly Measured[]): BenchResult {
  const ratios = ours.map((mine, round) => mine.perSecond / (stock[round]?.perSecond ?? Number.NaN));
  const cpuRatios = ours.map((mine, round) => (stock[round]?.receiverUs ?? Number.NaN) / mine.receiverUs);
  const middle = (side: readonly Measured[], of: keyof Measured): number =>
    median(side.map((one) => one[of]));
  const latency = (side: readonly Measured[]): string =>
    `p50 ${figure(middle(side, 'p50'))}, p99 ${figure(middle(side, 'p99'))} ms`;
  const cost = (side: readonly Measured[]): string =>
    `${figure(middle(side, 'receiverUs'))} µs + Redis ${figure(middle(side, 'redisUs'))} µs`;
  return {
    rows: [
      {
        what: 'events accepted per second',
        ours: `${figure(middle(ours, 'perSecond'))}/s`,
        other: `${figure(middle(stock, 'perSecond'))}/s`,
        measured: median(ratios),
        atLeast: 1,
        rounds: ratios,
      },
      {
        what: 'answer time (ratio: p99)',
        ours: latency(ours),
        other: latency(stock),
        measured: middle(ours, 'p99') / middle(stock, 'p99'),
      },
      {
        what: 'events per processor second of the receiver',
        ours: cost(ours),
        other: cost(stock),
        measured: median(cpuRatios),
        rounds: cpuRatios,
      },
    ],
    limits: [
      `ours: the receiver uses ${percent(middle(ours, 'receiverBusy'))} of a core, Redis ${percent(middle(ours, 'redisBusy'))}`,
      `stock: the receiver uses ${percent(middle(stock, 'receiverBusy'))} of a core, Redis ${percent(middle(stock, 'redisBusy'))}`,
      'the sender shares the machine with both, and is a third busy process',
    ],
    details: { ours, stock },
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
