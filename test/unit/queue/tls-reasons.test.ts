import { describe, expect, test } from 'vitest';
import { explainPostgres } from '../../../src/queue/pg-reasons.js';
import { explainRedis } from '../../../src/queue/redis-reasons.js';

const address = 'in QUEUE_URL or REDIS_URL';
const authority = 'set LAKEFS_MLFLOW_QUEUE_CA_FILE to the PEM file of the authority that signed it';

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

// As Node 20 gives them.
const openSsl = failure(
  'ERR_SSL_WRONG_VERSION_NUMBER',
  '809C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:record.c:350:\n',
);
const untrusted = failure('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate');
const otherName = failure(
  'ERR_TLS_CERT_ALTNAME_INVALID',
  "Hostname/IP does not match certificate's altnames",
);
const expired = failure('CERT_HAS_EXPIRED', 'certificate has expired');

describe('A TLS problem of the queue is reported with the setting to change:', () => {
  test.each([
    [
      openSsl,
      true,
      `it does not speak TLS on this port: write redis:// ${address} (ERR_SSL_WRONG_VERSION_NUMBER)`,
    ],
    [
      failure('ETIMEDOUT', 'connect ETIMEDOUT'),
      true,
      `cannot be reached, or does not speak TLS on this port: in that case write redis:// ${address} (connect ETIMEDOUT)`,
    ],
    [failure('ETIMEDOUT', 'connect ETIMEDOUT'), false, 'cannot be reached (connect ETIMEDOUT)'],
    [
      failure('ECONNRESET', 'write ECONNRESET'),
      false,
      `it closed the connection: if this port expects TLS, write rediss:// ${address} (write ECONNRESET)`,
    ],
    [untrusted, true, `its certificate is not trusted: ${authority} (self-signed certificate)`],
    [
      otherName,
      true,
      `its certificate is for another host name: use a name that the certificate lists (${otherName.message})`,
    ],
    [
      expired,
      true,
      `its certificate has expired or is not valid yet: renew it, and check the clocks of both machines (${expired.message})`,
    ],
  ])('Redis, %s, by rediss: %s', (error, secure, told) => {
    expect(explainRedis(error, secure)).toBe(told);
  });

  test('PostgreSQL', () => {
    expect(explainPostgres(untrusted)).toBe(
      `its certificate is not trusted: ${authority} (self-signed certificate)`,
    );
  });
});
