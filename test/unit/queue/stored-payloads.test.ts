import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jobNames } from '../../../src/queue/jobs.js';
import { jobKey } from '../../../src/queue/keys.js';
import { createPayloadReader } from '../../../src/queue/payloads.js';
import type { JobName, JobPayloads } from '../../../src/queue/types.js';

interface Stored {
  readonly name: JobName;
  readonly deduplicationId: string;
  readonly payload: JobPayloads[JobName];
}

const stored: readonly Stored[] = JSON.parse(readFileSync('test/data/queue/payloads-v1.json', 'utf8'));

describe('payloads that an earlier release has queued', () => {
  test('there is one of every job', () => {
    expect(new Set(stored.map(({ name }) => name))).toEqual(new Set(jobNames));
  });

  test.each(stored)('run on this release: $name $deduplicationId', ({ name, payload }) => {
    expect(createPayloadReader().read(name, payload)).toEqual(payload);
  });

  // A release that keyed them otherwise would run one commit twice at the same time while it is rolled out.
  test.each(stored)('keep their key: $name $deduplicationId', ({ name, payload, deduplicationId }) => {
    expect(jobKey(name, payload).deduplicationId).toBe(deduplicationId);
  });

  test.each(stored)('run with fields that a newer release has added: $name', ({ name, payload }) => {
    const newer = { ...payload, added: ['later'] };
    expect(createPayloadReader().read(name, newer)).toEqual(newer);
  });
});
