import type { Case } from '../harness/vocabulary.js';
import { addresses } from './addresses.js';
import { branches } from './branches.js';
import { declaredSources } from './declared-sources.js';
import { frameNames } from './frame-names.js';
import { frames } from './frames.js';
import { guide } from './guide.js';
import { housekeeping } from './housekeeping.js';
import { icebergVersions } from './iceberg.js';
import { keys } from './keys.js';
import { late } from './late.js';
import { life } from './life.js';
import { oddRuns } from './odd.js';
import { places } from './places.js';
import { refs } from './refs.js';
import { versions } from './versions.js';
import { writers } from './writers.js';

export const allCases: readonly Case[] = [
  ...guide,
  ...addresses,
  ...keys,
  ...refs,
  ...versions,
  ...icebergVersions,
  ...writers,
  ...declaredSources,
  ...frames,
  ...frameNames,
  ...places,
  ...late,
  ...life,
  ...housekeeping,
  ...branches,
  ...oddRuns,
];
