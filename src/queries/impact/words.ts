import { count } from '../../domain/common/text.js';
import type { Reach } from '../../domain/status/reach.js';
import type { Change } from '../shared/change/types.js';
import { numberText } from '../shared/words.js';

/** What a run read, seen from what was asked about. */
export function shownReach({ kind, holds, of }: Reach, asked: Change['kind']): string {
  const part = holds > 0 && holds < of ? ` (${numberText(holds)} of ${count(of, 'object')})` : '';
  switch (kind) {
    case 'itself':
      return asked === 'branch' || asked === 'default' ? 'a commit of the branch' : 'the commit itself';
    case 'downstream':
      return `a later commit containing it${part}`;
    case 'same-bytes':
      return asked === 'path' ? `the same bytes${part}` : `the same bytes in a commit from elsewhere${part}`;
    case 'rewritten':
      return 'a later commit; other bytes were written since, so it may or may not contain it';
    case 'unknown':
      return 'unknown: too much differs, lakeFS no longer has the commit, or the path is a pattern that may not match';
    case 'undone':
      return 'a later commit, after it was undone';
    case 'none':
      return 'nothing of it';
  }
}
