import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type Receiver, startReceiver } from './replay/receiver.js';
import { loadExchanges, loadHooks, loadS3, loadSdk, loadSupported, wireNames } from './replay/recording.js';
import { Replay } from './replay/replay.js';

const supported = loadSupported();
const exchanges = loadExchanges();

describe('the sandbox lakeFS answers as the real one did', () => {
  let sandbox: Sandbox;
  let receiver: Receiver;
  let replay: Replay;
  let clockSeconds = exchanges[0]?.at ?? 0;
  const times: { toleranceSeconds: number | undefined } = { toleranceSeconds: 1 };

  beforeAll(async () => {
    receiver = await startReceiver();
    sandbox = await startSandbox({
      env: { LAKEFSACTION_BRIDGE_TOKEN: 'test-token' },
      now: () => clockSeconds * 1000,
    });
    const target = {
      endpoint: sandbox.endpoint,
      accessKeyId: sandbox.accessKeyId,
      secretAccessKey: sandbox.secretAccessKey,
      at: async (seconds: number) => {
        clockSeconds = seconds;
      },
      settled: () => sandbox.settled(),
      times,
    };
    replay = new Replay(target, receiver, loadHooks());
  });

  afterAll(async () => {
    await sandbox.close();
    await receiver.close();
  });

  describe('to REST calls', () => {
    for (const exchange of exchanges.filter(({ name }) => supported.exchanges.includes(name))) {
      it(exchange.name, async () => {
        expect(await replay.exchange(exchange)).toEqual([]);
        if (exchange.name in supported.deliveriesLeftOut) await replay.forgetDeliveries();
        else expect(await replay.deliveries(exchange.deliveries ?? [])).toEqual([]);
      });
    }
  });

  describe('to the Python client', () => {
    const sdk = loadSdk();
    for (const [index, name] of wireNames(sdk).entries()) {
      const exchange = sdk[index];
      if (exchange === undefined || !supported.sdk.includes(name)) continue;
      it(name, async () => {
        times.toleranceSeconds = undefined;
        expect(await replay.wire(exchange)).toEqual([]);
        expect(await replay.deliveries([])).toEqual([]);
      });
    }
  });

  describe('to S3 clients', () => {
    const s3 = loadS3();
    for (const [index, name] of wireNames(s3).entries()) {
      const exchange = s3[index];
      if (exchange === undefined || !supported.s3.includes(name)) continue;
      it(name, async () => {
        expect(await replay.wire(exchange)).toEqual([]);
      });
    }
  });
});

describe('the list of what the sandbox supports', () => {
  const lists = [
    ['REST', exchanges.map(({ name }) => name), supported.exchanges, supported.exchangesLeftOut],
    ['Python client', wireNames(loadSdk()), supported.sdk, supported.sdkLeftOut],
    ['S3', wireNames(loadS3()), supported.s3, supported.s3LeftOut],
  ] as const;

  it.each(lists)(
    '%s: names every recorded exchange once, as supported or with the reason',
    (_, all, yes, no) => {
      expect([...yes, ...Object.keys(no)].sort()).toEqual([...all].sort());
    },
  );

  it.each(lists)('%s: supports far more than 60 %% of them', (_, all, yes) => {
    expect(yes.length / all.length).toBeGreaterThan(0.9);
  });
});
