import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ApiFailure } from '../failure.js';
import type { World } from '../world.js';
import { sendJson } from './answer.js';
import { readJson, textOf } from './body.js';
import { handle, sendFailure } from './handle.js';

const refusal = 'error authenticating request';
const tokenLifeSeconds = 7 * 24 * 3600;

/** HTTP Basic with the key pair, or a token of the login. */
export function authenticate(world: World): RequestHandler {
  const basic = `Basic ${Buffer.from(`${world.accessKeyId}:${world.secretAccessKey}`).toString('base64')}`;
  return (req, res, next) => {
    const given = req.headers.authorization ?? '';
    const known = given === basic || (given.startsWith('Bearer ') && world.tokens.has(given.slice(7)));
    if (known) next();
    else sendFailure(res, new ApiFailure(401, refusal));
  };
}

export function login(world: World): RequestHandler {
  return handle(async ({ req, res }) => {
    const body = await readJson(req, 'LoginInformation', {
      access_key_id: 'string!',
      secret_access_key: 'string!',
    });
    const right =
      textOf(body, 'access_key_id') === world.accessKeyId &&
      textOf(body, 'secret_access_key') === world.secretAccessKey;
    if (!right) throw new ApiFailure(401, refusal);
    const token = randomBytes(32).toString('base64url');
    world.tokens.add(token);
    sendJson(res, 200, { token, token_expiration: Math.floor(world.now() / 1000) + tokenLifeSeconds });
  });
}
