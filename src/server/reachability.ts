import type { ServerAccess } from '../facts/access.js';
import type { Log } from '../telemetry/log.js';

/**
 * Asks each server something that needs the right address, the right keys and a Host that it accepts (MLflow's
 * /health and /version would answer without the last two), and warns where it does not answer. Never throws: jobs wait
 * for servers that are down.
 */
export async function warnOfUnreachable(servers: readonly ServerAccess[], log: Log): Promise<void> {
  await Promise.all(
    servers.flatMap(({ name, mlflow, installations }) => [
      attempt('MLflow', name, () => mlflow.experiments.searchExperiment(undefined, 1), log),
      ...installations.map(({ settings, lakefs }) =>
        attempt('lakeFS', settings.name, () => firstOf(lakefs.repositories()), log),
      ),
    ]),
  );
}

async function attempt(
  server: 'lakeFS' | 'MLflow',
  installation: string,
  ask: () => Promise<unknown>,
  log: Log,
): Promise<void> {
  try {
    await ask();
    log.debug({ server, installation }, 'server answers');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.warn({ server, installation, why }, 'server does not answer as it should: jobs wait until it does');
  }
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
