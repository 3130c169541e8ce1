import { commits } from './commits.js';
import { events } from './events.js';
import { footprint } from './footprint.js';
import { guide } from './guide.js';
import { house } from './house.js';
import { latency } from './latency.js';
import type { Bench } from './support/types.js';
import { tagging } from './tagging.js';

/** By the name that the command line knows. */
export const benches: Readonly<Record<string, Bench>> = {
  events,
  tagging,
  guide,
  commits,
  latency,
  footprint,
  house,
};
