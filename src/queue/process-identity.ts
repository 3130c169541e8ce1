import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Enough to tell whether a process still lives, even if its pid has been given away since. */
export interface ProcessIdentity {
  readonly hostname: string;
  /** Pids mean the same only within one boot and one pid namespace (a container). Empty where unknown. */
  readonly pidSpace: string;
  readonly pid: number;
  /** In clock ticks since boot; empty where the system does not tell. */
  readonly startedAt: string;
}

export function thisProcess(): ProcessIdentity {
  return processIdentity(process.pid);
}

/** `startedAt` is empty where there is no such process. */
export function processIdentity(pid: number): ProcessIdentity {
  return { hostname: hostname(), pidSpace: pidSpace(), pid, startedAt: startTime(pid) };
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
  return other.startedAt === startTime(other.pid);
}

function pidSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name may hold blanks and brackets; the fields after it are plain. Field 22 is the time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
