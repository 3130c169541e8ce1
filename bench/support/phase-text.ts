import type { Phase } from './phase.js';
import { figure, median } from './statistics.js';

/** "8.1 ms of MLflow + 0.9 ms of service; 1.3 requests: 1 runs/log-batch, 0.25 runs/search": the middle of the rounds. */
export function describeCost(phases: readonly Phase[]): string {
  const cpu = middles(phases.map(({ cpuMs }) => cpuMs)).map(([name, ms]) => `${figure(ms)} ms of ${name}`);
  const requests = middles(phases.map((phase) => phase.requests)).filter(([, count]) => count >= 0.001);
  const total = requests.reduce((sum, [, count]) => sum + count, 0);
  const each = requests.map(([name, count]) => `${figure(count)} ${name}`);
  return `${cpu.join(' + ')}; ${figure(total)} requests: ${each.join(', ')}`;
}

/** Which process keeps how many cores busy. */
export function describeBusy(phases: readonly Phase[]): string {
  const perSecond = median(phases.map((phase) => phase.perSecond));
  return middles(phases.map(({ cpuMs }) => cpuMs))
    .map(([name, ms]) => `${name} ${Math.round((ms * perSecond) / 10)} %`)
    .join(', ');
}

function middles(rounds: readonly Readonly<Record<string, number>>[]): (readonly [string, number])[] {
  const names = [...new Set(rounds.flatMap((round) => Object.keys(round)))];
  return names
    .map((name) => [name, median(rounds.map((round) => round[name] ?? 0))] as const)
    .sort(([, a], [, b]) => b - a);
}
