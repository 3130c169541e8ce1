import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in ticks of 10 ms. */
const tickMs = 10;

interface Stat {
  readonly pid: number;
  readonly group: number;
  readonly cpuMs: number;
}

/** Processor time that all processes of a group have used so far, in ms. NaN where there is no /proc. */
export function groupCpuMs(group: number): number {
  const members = processes().filter((stat) => stat.group === group);
  return members.length === 0 ? Number.NaN : members.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Resident memory of a process and its children in the group, in MB of 2^20 bytes. NaN where there is no /proc. */
export function groupMemoryMb(group: number): number {
  const sizes = processes()
    .filter((stat) => stat.group === group)
    .map(({ pid }) => Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
  return sizes.length === 0 ? Number.NaN : sizes.reduce((sum, kb) => sum + kb, 0) / 1024;
}

function processes(): Stat[] {
  let names: string[] = [];
  try {
    names = readdirSync('/proc');
  } catch {
    // No Linux: figures of processor time and memory are left out.
  }
  return names.filter((name) => /^\d+$/.test(name)).flatMap((name) => statOf(Number(name)) ?? []);
}

function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold anything: the fields are counted from behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 13) return undefined;
  return { pid, group: Number(fields[2]), cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
