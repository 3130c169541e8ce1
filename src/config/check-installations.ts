import { mayOverlap } from './overlap.js';
import { mlflowServers } from './servers.js';
import type { Installation } from './types.js';

/** What is wrong between installations that are right one by one. */
export function checkInstallations(installations: readonly Installation[]): string[] {
  const problems = pairs(installations).flatMap(([a, b]) => {
    const found: string[] = [];
    if (a.name === b.name) found.push(`CONFIG has two installations called "${a.name}"`);
    if (a.hookTokens.some((token) => b.hookTokens.includes(token))) {
      found.push(
        `installations "${a.name}" and "${b.name}" have a hook token in common: a token tells whose event it is, give each its own`,
      );
    }
    return found;
  });
  const sharing = mlflowServers(installations).flatMap((server) =>
    // Without an address (a command that does not need MLflow) nothing is shared.
    server.installations[0]?.mlflow.trackingUri === '' ? [] : pairs(server.installations),
  );
  for (const [a, b] of sharing) {
    if (mayOverlap(a.repositories, b.repositories) && mayOverlap(a.experiments, b.experiments)) {
      problems.push(
        `installations "${a.name}" and "${b.name}" share an MLflow server and may both watch a repository of one name: give them "experiments" that have none in common, or "repositories" that have none in common`,
      );
    }
  }
  return problems;
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b] as const));
}
