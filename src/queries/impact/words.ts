import { count, shown } from '../../domain/common/text.js';
import type { Reach } from '../../domain/status/reach.js';
import type { Change } from '../shared/change/types.js';
import { shownCommit } from '../shared/words.js';
import type { Impact } from './types.js';

/** `Impact of commit 1a2b3c4d5e6f of images on main: Add labels`. */
export function shownAsked({ place, change, ref, path }: Impact): string {
  const repository = shown(place.repository);
  switch (change.kind) {
    case 'commit':
      return `Impact of a commit of ${repository}: ${shownCommit(place)}`;
    case 'branch':
    case 'default':
      return `Impact of branch ${shown(ref)} of ${repository}`;
    case 'path':
      return `Impact of ${shown(path)} of ${repository}, as it is at ${shownCommit(place)}`;
  }
}

/** What a run read, seen from what was asked about. */
export function shownReach({ kind, holds, of }: Reach, asked: Change['kind']): string {
  const part = holds > 0 && holds < of ? ` (${holds.toLocaleString('en')} of ${count(of, 'object')})` : '';
  switch (kind) {
    case 'itself':
      return asked === 'branch' || asked === 'default' ? 'a commit of the branch' : 'the commit itself';
    case 'downstream':
      return `a later commit that holds it${part}`;
    case 'same-bytes':
      return asked === 'path'
        ? `the same bytes${part}`
        : `the same bytes, though the commit does not come after it${part}`;
    case 'rewritten':
      return 'a later commit, with other bytes written since: whether they hold it cannot be seen';
    case 'unknown':
      return 'cannot be told: too much differs, lakeFS no longer has the commit, or the path is a pattern that may not match';
    case 'undone':
      return 'a later commit, in which it is undone';
    case 'none':
      return 'nothing of it';
  }
}
