import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLakefs, type RealServer, startLakefs } from './replay/real-server.js';
import { type Receiver, startReceiver } from './replay/receiver.js';
import { loadExchanges, loadHooks, loadSdk, loadSupported, wireNames } from './replay/recording.js';
import { makePacer, Replay } from './replay/replay.js';

const accessKeyId = process.env.LAKECTL_CREDENTIALS_ACCESS_KEY_ID ?? 'AKIAIOSFOLQUICKSTART';
const secretAccessKey =
  process.env.LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY ?? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const given = process.env.LAKEFS_TEST_ENDPOINT;
const binary = findLakefs();
const supported = loadSupported();
const exchanges = loadExchanges();
const atHand = given !== undefined || binary !== undefined;

/** Says nothing where the second in which something happened decides: it is not the recorded one. */
const dependsOnClock = /^(list action runs|action runs of branch|log main, since$)/;

// One line for the whole replay, not one for each of its hundreds of exchanges.
if (!atHand) it.skip('a real lakeFS answers as recorded (no LAKEFS_TEST_ENDPOINT, no lakefs on the PATH)');

describe.runIf(atHand)('a real lakeFS answers as recorded', () => {
  let started: RealServer | undefined;
  let receiver: Receiver;
  let replay: Replay;
  /** A given server that already has one of the recorded repositories is left as it is. */
  let occupied = false;

  beforeAll(async () => {
    receiver = await startReceiver();
    if (given === undefined && binary !== undefined) started = await startLakefs(binary);
    const endpoint = given ?? started?.endpoint ?? '';
    const authorization = `Basic ${Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64')}`;
    const answer = await fetch(`${endpoint}/api/v1/repositories?amount=1`, { headers: { authorization } });
    occupied = (await answer.text()).includes('"results":[{');
    const target = {
      endpoint,
      accessKeyId,
      secretAccessKey,
      at: makePacer(),
      // Nothing says when the last hook is through; late ones arrive within milliseconds.
      settled: () => sleep(20),
      times: { toleranceSeconds: undefined, anyVersion: true },
    };
    replay = new Replay(target, receiver, loadHooks());
  }, 90_000);

  afterAll(async () => {
    await started?.stop();
    await receiver.close();
  });

  // Another server has another block store and version.
  const all = exchanges.filter(
    ({ name }) => atHand && supported.exchanges.includes(name) && (given === undefined || name !== 'config'),
  );
  for (const exchange of all) {
    it(exchange.name, { timeout: 30_000 }, async (test) => {
      if (occupied) test.skip('the given server is not empty');
      const differences = await replay.exchange(exchange);
      if (!dependsOnClock.test(exchange.name)) expect(differences).toEqual([]);
      if (exchange.name in supported.deliveriesLeftOut) await replay.forgetDeliveries();
      else expect(await replay.deliveries(exchange.deliveries ?? [])).toEqual([]);
    });
  }

  const sdk = loadSdk();
  for (const [index, name] of wireNames(sdk).entries()) {
    const exchange = sdk[index];
    // The recorded requests carry the quickstart key.
    if (!atHand || exchange === undefined || !supported.sdk.includes(name) || given !== undefined) continue;
    it(`Python client: ${name}`, async () => {
      expect(await replay.wire(exchange)).toEqual([]);
    });
  }
});
