import type { DifferenceCause, Finding } from './types.js';

const texts: Readonly<Record<DifferenceCause, string>> = {
  'not-tagged':
    'The service has not tagged it yet: its next sweep does, or for an older run its round of all runs, which takes a day.',
  'data-moved-on':
    'The data has moved on since it was tagged: the service follows when lakeFS tells it, at the latest with its round of all runs, which takes a day.',
  changed:
    'A tag was edited by hand, or the run says something else than it did: the service puts it right with its round of all runs, which takes a day.',
};

/** What brings a run's tags to what they should be. */
export function putRight({ cause, written }: Extract<Finding, { kind: 'differs' }>): string {
  return written ? texts[cause] : 'The installation is in observe mode: the service writes no tags there.';
}
