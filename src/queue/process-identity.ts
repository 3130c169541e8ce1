import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Enough to tell whether a process still lives, even if its pid has been given away since. */
export interface ProcessIdentity {
  readonly hostname: string;
  /** Pids mean the same only within one boot and one pid namespace (a container). Empty where unknown. */
  readonly pidSpace: string;
  readonly pid: number;
  /** In clock ticks since boot; empty where the system does not say. */
  readonly startedAt: string;
}

export function thisProcess(): ProcessIdentity {
  return processIdentity(process.pid);
}

/** `startedAt` is empty where there is no such process. */
export function processIdentity(pid: number): ProcessIdentity {
  return { hostname: hostname(), pidSpace: pidSpace(), pid, startedAt: statusOf(pid).startedAt };
}

/** Undefined where pids of that process cannot be looked up from here: another host or container. */
export function isAlive(other: ProcessIdentity): boolean | undefined {
  if (other.hostname !== hostname() || other.pidSpace !== pidSpace()) return undefined;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const { state, startedAt } = statusOf(other.pid);
  // Killed, and not yet collected by its parent: it does nothing any more.
  if (state === 'Z' || state === 'X') return false;
  return other.startedAt === startedAt;
}

function pidSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** Both are empty where there is no such process, or the system does not tell. See proc_pid_stat(5). */
function statusOf(pid: number): { readonly state: string; readonly startedAt: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name may hold blanks and brackets; the fields after it, from the third on, are plain.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return { state: '', startedAt: '' };
  }
}
