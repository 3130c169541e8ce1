import { expect, test } from 'vitest';
import { secretNotes } from '../../../src/config/secrets.js';

test.each([
  [{}, undefined],
  [{ LAKEFSACTION_BRIDGE_TOKEN: 'canary' }, undefined],
  [
    { LAKEFSACTION_BRIDGE_TOKEN: 'canary\n' },
    'the line break at the end of LAKEFSACTION_BRIDGE_TOKEN was removed. lakeFS does not remove it: do so in the environment of lakeFS',
  ],
  [{ MLFLOW_TRACKING_TOKEN: 'canary\r\n' }, 'the line break at the end of MLFLOW_TRACKING_TOKEN was removed'],
  [{ MLFLOW_TRACKING_PASSWORD: '"canary"' }, 'MLFLOW_TRACKING_PASSWORD is in quotation marks'],
])('%j', (environment, note) => {
  const notes = secretNotes(environment);
  expect(notes).toEqual(note === undefined ? [] : [expect.stringContaining(note)]);
  expect(notes.join()).not.toContain('canary');
});
