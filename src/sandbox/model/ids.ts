import { randomBytes } from 'node:crypto';

const digits = '0123456789abcdefghijklmnopqrstuv';

/** Makes the 20-character ids of runs and stored objects: time, a constant of this server, a counter. */
export function makeIdSource(): { next(nowMs: number): string; nextDescending(nowMs: number): string } {
  const server = randomBytes(5);
  let counter = 0;
  function id(seconds: number): string {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(seconds >>> 0, 0);
    server.copy(bytes, 4);
    bytes.writeUIntBE(counter++ & 0xffffff, 9, 3);
    return base32(bytes);
  }
  return {
    next: (nowMs) => id(Math.floor(nowMs / 1000)),
    // Run ids sort newest second first, and within one second oldest first.
    nextDescending: (nowMs) => id(0xffffffff - Math.floor(nowMs / 1000)),
  };
}

export type IdSource = ReturnType<typeof makeIdSource>;

function base32(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`) << 4n;
  let text = '';
  for (let index = 0; index < 20; index++) {
    text = (digits[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return text;
}
