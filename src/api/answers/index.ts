import { atMost } from '../at-most.js';
import type { ApiRoute } from '../route.js';
import { checkRoute } from './check.js';
import { compareRoute } from './compare.js';
import { coverageRoute } from './coverage.js';
import type { AnswerDependencies } from './dependencies.js';
import { impactRoute } from './impact.js';
import { lineageRoute } from './lineage.js';
import { verifyRoute } from './verify.js';

/** Answers that are looked up at once. */
const atOnce = 4;

/** What the commands of the same names answer, live and read-only. */
export function answerRoutes(dependencies: AnswerDependencies): readonly ApiRoute[] {
  return atMost(atOnce, [
    lineageRoute(dependencies),
    impactRoute(dependencies),
    compareRoute(dependencies),
    coverageRoute(dependencies),
    checkRoute(dependencies),
    verifyRoute(dependencies),
  ]);
}
