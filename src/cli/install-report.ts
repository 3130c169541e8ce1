import type { DeliveryCheck } from '../install/check-delivery.js';
import { allowedHostsFor, hostOf } from '../install/hook-url.js';

/** What is sent from now on; printed after every installation. */
export const sentFromNowOn =
  'From these commits on, lakeFS announces each commit, merge, revert and cherry-pick on these branches, starting with ' +
  'the commit that added the file. A branch made from an earlier commit sends nothing until it merges one of these or ' +
  'is installed too.';

/** Why the checked event was not accepted, and what to do; undefined if it was accepted. */
export function deliveryProblem(
  { event, sent }: Pick<DeliveryCheck, 'event' | 'sent'>,
  url: string,
): string | undefined {
  const name = names[event];
  switch (sent.state) {
    case 'delivered':
      return undefined;
    case 'failed':
      return `the action is installed, but lakeFS could not deliver ${name} to ${url}: ${sent.detail}. ${advice(sent.detail, url)}`;
    case 'unknown':
      return (
        `the action is installed, but lakeFS lists no run for ${name}. Most likely LAKEFSACTION_BRIDGE_TOKEN ` +
        'is not set in the environment of the lakeFS server: lakeFS then sends nothing and says so only in its own log. ' +
        'Set it there, to the same value as for the service, and restart lakeFS'
      );
    case 'unchecked':
      return `the action is installed, but it could not be checked whether lakeFS delivers its events: ${sent.detail}`;
  }
}

/** Printed if the event was accepted. */
export function deliveredText({ commit, event }: DeliveryCheck): string {
  const which = event === 'test' ? names.test : `${names[event]}, of commit ${commit.slice(0, 12)}`;
  return `lakeFS has delivered ${which}, and the service accepted it.`;
}

const names: Readonly<Record<DeliveryCheck['event'], string>> = {
  first: 'the first event',
  newest: 'the newest event',
  test: 'a test event',
};

const advices: readonly (readonly [pattern: RegExp, text: string])[] = [
  [
    /status code: 401/,
    'LAKEFSACTION_BRIDGE_TOKEN must have the same value in the environment of the lakeFS server and of the service',
  ],
  [
    /status code: 403/,
    'Something in front of the service refuses the request: let lakeFS reach this address without a login',
  ],
  [
    /status code: 404/,
    'Check the address: that of the service, followed by /hooks/lakefs, or /hooks/lakefs/NAME for a named installation',
  ],
  [/status code: 503/, 'The service cannot store events now: its /health/ready says why'],
  [
    /HTTP request (to an HTTPS server|was sent to HTTPS port)/,
    'That port expects TLS: give the address with https://',
  ],
  [/HTTP response to HTTPS client/, 'That port does not use TLS: give the address with http://'],
  [
    /x509|certificate/,
    'The lakeFS server does not trust the certificate of that address: add its certificate authority to those that the lakeFS server trusts',
  ],
  [/no such host/, 'The lakeFS server cannot resolve this name: use --url to give an address that it knows'],
  [
    /refused|deadline|timeout|no route/i,
    'Start the service if it is not running; if it is, use --url to give an address at which the lakeFS server can reach it',
  ],
];

/** What to do if lakeFS could not deliver to `url` for this reason. */
function advice(detail: string, url: string): string {
  if (detail.includes('internal address')) {
    return (
      'From 1.88 on, lakeFS sends no events to internal addresses unless they are allowed: start the lakeFS server with ' +
      allowedHostsFor(hostOf(url))
    );
  }
  const known = advices.find(([pattern]) => pattern.test(detail));
  return known?.[1] ?? 'Check that the address leads to the service';
}
