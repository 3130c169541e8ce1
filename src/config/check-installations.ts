import { byMlflowServer } from './installations.js';
import { mayOverlap } from './overlap.js';
import type { Installation } from './types.js';

/** What is wrong between installations that are right one by one. */
export function checkInstallations(installations: readonly Installation[]): string[] {
  const problems = pairs(installations).flatMap(([a, b]) => {
    const found: string[] = [];
    if (a.name === b.name) found.push(`CONFIG has two installations called "${a.name}"`);
    if (a.hookTokens.some((token) => b.hookTokens.includes(token))) {
      found.push(
        `installations "${a.name}" and "${b.name}" have a hook token in common: give each its own, as the token tells whose event it is`,
      );
    }
    return found;
  });
  const sharing = byMlflowServer(installations).flatMap((server) =>
    // Without an address (a command that does not need MLflow) nothing is shared.
    server.installations[0]?.mlflow.trackingUri === '' ? [] : pairs(server.installations),
  );
  for (const [a, b] of sharing) {
    if (mayOverlap(a.repositories, b.repositories) && mayOverlap(a.experiments, b.experiments)) {
      problems.push(
        `installations "${a.name}" and "${b.name}" share an MLflow server and may both watch repositories with the same name: give them "experiments" or "repositories" that do not overlap`,
      );
    }
  }
  return problems;
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b] as const));
}
