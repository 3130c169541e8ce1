import { ApiProblem, type ApiRoute } from './route.js';

/**
 * Lets so many calls of these routes be under way at once, all together: each may ask both servers a thousand times,
 * and these have other work.
 */
export function atMost(limit: number, routes: readonly ApiRoute[]): readonly ApiRoute[] {
  let underWay = 0;
  return routes.map((route) => ({
    ...route,
    handle: async (call) => {
      if (underWay >= limit) {
        throw new ApiProblem(429, `${limit} answers are being looked up already: ask again in a moment.`);
      }
      underWay += 1;
      try {
        return await route.handle(call);
      } finally {
        underWay -= 1;
      }
    },
  }));
}
