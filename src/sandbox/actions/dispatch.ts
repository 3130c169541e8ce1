import { ApiFailure } from '../failure.js';
import { matchesGlob } from '../model/names.js';
import type { Repository } from '../model/repository.js';
import type { World } from '../world.js';
import type { EventFacts } from './event.js';
import { listOfErrors } from './read.js';
import type { RunRecord } from './records.js';
import { prepareTask, runTask, type Task } from './run.js';

/**
 * Runs the hooks of a `pre-` event and waits for them.
 * @returns the stored run; undefined where no action listens
 * @throws ApiFailure 412 where a hook refuses, 500 or 404 where the action files cannot be read
 */
export async function askBefore(
  world: World,
  repository: Repository,
  facts: EventFacts,
): Promise<RunRecord | undefined> {
  const runId = world.ids.nextDescending(world.now());
  const aborted = `${facts.type} hook aborted, run id '${runId}': `;
  let tasks: Task[];
  try {
    tasks = findTasks(world, repository, facts);
  } catch (error) {
    const status = error instanceof ApiFailure ? error.status : 500;
    throw new ApiFailure(status, aborted + (error instanceof Error ? error.message : String(error)));
  }
  const run = await runAll(world, repository, facts, tasks, runId);
  const problems = (run?.hooks ?? [])
    .filter((hook) => hook.status === 'failed')
    .map(
      (hook) =>
        `hook run id '${hook.hookRunId}' failed on action '${hook.action}' hook '${hook.hookId}': ` +
        lastError(hook.output),
    );
  if (problems.length > 0) throw new ApiFailure(412, aborted + listOfErrors(problems));
  return run;
}

/** Sends a `post-` event: once, without anybody waiting, and with no trace where the action files are broken. */
export function tellAfter(world: World, repository: Repository, facts: EventFacts): void {
  let tasks: Task[];
  try {
    tasks = findTasks(world, repository, facts);
  } catch {
    // lakeFS writes a server log line and forgets the event: no delivery, no run record.
    return;
  }
  const runId = world.ids.nextDescending(world.now());
  const delivery: Promise<void> = runAll(world, repository, facts, tasks, runId).then(() => {
    world.deliveries.delete(delivery);
  });
  world.deliveries.add(delivery);
}

function findTasks(world: World, repository: Repository, facts: EventFacts): Task[] {
  // Read-only repositories have no hooks.
  if (repository.readOnly) return [];
  return world.actions
    .read(repository, facts.sourceRef)
    .filter((action) => {
      const branches = action.on.get(facts.type);
      if (branches === undefined) return false;
      return branches.length === 0 || branches.some((glob) => matchesGlob(glob, facts.branchId ?? ''));
    })
    .map((action) => prepareTask(action, world.env));
}

/** Actions run side by side, the hooks of one action in order. The run is stored once all are through. */
async function runAll(
  world: World,
  repository: Repository,
  facts: EventFacts,
  tasks: readonly Task[],
  runId: string,
): Promise<RunRecord | undefined> {
  if (tasks.length === 0) return undefined;
  const startMs = world.now();
  const hooks = await Promise.all(
    tasks.map((task, index) => runTask(task, index, facts, repository.id, world.now)),
  );
  const run: RunRecord = {
    runId,
    eventType: facts.type,
    branch: facts.branchId ?? '',
    startMs,
    endMs: world.now(),
    status: hooks.flat().some((hook) => hook.status === 'failed') ? 'failed' : 'completed',
    commitId: facts.commitId ?? '',
    hooks: hooks.flat(),
  };
  repository.runs.set(runId, run);
  return run;
}

function lastError(output: string): string {
  const at = output.lastIndexOf('Error: ');
  return output.slice(at + 'Error: '.length).trimEnd();
}
