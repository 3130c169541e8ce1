import type { Announcement } from '../install/announced.js';
import type { Target } from './action-command.js';
import { type Io, print, warn } from './output.js';

/** What is sent from now on, and whether the first event, that of the commit that added the file, got through. */
export function printSent(io: Io, target: Target, commit: string, sent: Announcement): void {
  const { installation, repository } = target;
  const actions = `${installation.lakefs.publicUrl}/repositories/${repository}/actions`;
  print(io);
  print(
    io,
    'From these commits on, each commit, merge, revert and cherry-pick on these branches is announced; the ' +
      'commit that adds the file announces itself. A branch made from an earlier commit sends nothing until it ' +
      'merges one of these, or until you name it here.',
  );
  if (sent.state === 'delivered') {
    print(io, `lakeFS has sent the first event, of commit ${commit.slice(0, 12)}, and it was taken.`);
  } else if (sent.state === 'failed') {
    warn(io, `lakeFS could not deliver the first event: ${sent.detail}${advice(sent.detail)}`);
  } else {
    warn(
      io,
      'lakeFS lists no run for the first event yet. If none appears, LAKEFSACTION_BRIDGE_TOKEN is not set in ' +
        'the environment of the lakeFS server: then it sends nothing, and says so only in its log',
    );
  }
  print(io, `What was sent and answered: ${actions}`);
}

/** What to do about lakeFS's reason for not delivering, as a further sentence; empty where we know none. */
export function advice(detail: string): string {
  if (detail.includes('status code: 401')) {
    return '. LAKEFSACTION_BRIDGE_TOKEN must be the same for the lakeFS server and for the service';
  }
  if (detail.includes('status code: 404')) return '. Is the address that of the service?';
  if (detail.includes('internal address')) {
    return '. Allow it by LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS on the lakeFS server';
  }
  if (/refused|no such host|deadline|timeout/i.test(detail)) return '. Does the service run there?';
  return '';
}
