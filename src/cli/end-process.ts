import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends the process, whatever it still waits for. `process.exit` waits for Node's own threads, and one that looks up a
 * name stays busy for 10 s and more where the DNS server is silent. Such a lookup gets until `patienceMs`; after that
 * only SIGKILL ends the process in time, and its exit code is then 137.
 */
export async function endProcess(code: number, patienceMs: number): Promise<never> {
  const end = performance.now() + patienceMs;
  while (isLookingUpNames() && performance.now() < end) await sleep(20);
  return endNow(code);
}

/** The same without any patience. */
export function endNow(code: number): never {
  if (isLookingUpNames()) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

function isLookingUpNames(): boolean {
  return process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap');
}
