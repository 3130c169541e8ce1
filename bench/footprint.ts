import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type LakefsServer,
  type MlflowServer,
  startLakefs,
  startMlflow,
  startRedis,
} from './support/servers.js';
import { startService } from './support/service.js';
import { figure, median } from './support/statistics.js';
import type { Bench, BenchContext, BenchResult } from './support/types.js';

interface Footprint {
  readonly memoryMb: number;
  readonly readyAfterMs: number;
}

type Kind = 'redis' | 'embeddedFirst' | 'embeddedAgain';

/** Memory at rest and time to ready of the built service, on both kinds of queue. */
export const footprint: Bench = {
  title: 'Resident memory at rest, and cold start to ready',
  run: async (context) => {
    const [redis, lakefs, mlflow] = await Promise.all([
      startRedis(context),
      startLakefs(context),
      startMlflow(context, 1),
    ]);
    const found: Record<Kind, Footprint[]> = { redis: [], embeddedFirst: [], embeddedAgain: [] };
    const rounds = context.quick ? 1 : 5;
    for (let round = 0; round < rounds; round += 1) {
      const look = (queueUrl: string): Promise<Footprint> =>
        measure(context, { queueUrl, mlflow, lakefs, dataDir: join(context.folder, `data-${round}`) });
      found.redis.push(await look(redis.url));
      found.embeddedFirst.push(await look('embedded'));
      found.embeddedAgain.push(await look('embedded'));
      context.note(`round ${round + 1} of ${rounds}`);
    }
    return report(found);
  },
};

async function measure(
  context: BenchContext,
  options: {
    readonly queueUrl: string;
    readonly dataDir: string;
    readonly mlflow: MlflowServer;
    readonly lakefs: LakefsServer;
  },
): Promise<Footprint> {
  const { queueUrl, dataDir, mlflow, lakefs } = options;
  const { program, readyAfterMs } = await startService(context, {
    ...{ role: 'all', queueUrl, mlflowUrl: mlflow.url, lakefs },
    settings: { LAKEFS_MLFLOW_DATA_DIR: dataDir },
  });
  // Past the second sweep, so that what one leaves behind is counted.
  await sleep(context.quick ? 10_000 : 40_000);
  const memoryMb = program.memoryMb();
  await program.stop();
  return { memoryMb, readyAfterMs };
}

function report(found: Record<Kind, readonly Footprint[]>): BenchResult {
  const names: Record<Kind, string> = {
    redis: 'Redis',
    embeddedFirst: 'embedded, first start',
    embeddedAgain: 'embedded, reopened',
  };
  const atMost: Partial<Record<Kind, number>> = { redis: 120, embeddedAgain: 350 };
  const kinds = ['redis', 'embeddedFirst', 'embeddedAgain'] as const;
  const memory = kinds.map((kind) => {
    const values = found[kind].map(({ memoryMb }) => memoryMb);
    const limit = atMost[kind];
    return {
      what: `memory at rest, ${names[kind]}`,
      ours: `${figure(median(values))} MB`,
      measured: median(values),
      rounds: values,
      ...(limit === undefined ? {} : { atMost: limit }),
    };
  });
  const starts = kinds.map((kind) => {
    const values = found[kind].map(({ readyAfterMs }) => readyAfterMs);
    return {
      what: `cold start to ready, ${names[kind]}`,
      ours: `${figure(median(values))} ms`,
      measured: median(values),
      rounds: values,
    };
  });
  return {
    rows: [...memory, ...starts],
    limits: [
      'memory is that of the one process of the service (Redis itself has its own); a start is looked at every 50 ms',
    ],
    details: { ...found },
  };
}
