import type { RequestHandler, Response } from 'express';
import { clickableLinks } from './clickable-links.js';
import { ownPath } from './own-path.js';
import { queueBanner } from './queue-banner.js';

const scripts: Readonly<Record<string, string>> = {
  '/own-path.js': ownPath,
  '/clickable-links.js': clickableLinks,
  '/queue-banner.js': queueBanner,
};

/** Serves our scripts beside the board. */
export const serveScripts: RequestHandler = (request, response, next) => {
  const script = Object.hasOwn(scripts, request.path) ? scripts[request.path] : undefined;
  if (script === undefined) return next();
  response.set('Cache-Control', 'max-age=3600').type('text/javascript').send(script);
};

/**
 * Adds the scripts to the board's page, and takes out the font sheet that it asks Google for: our content security
 * policy refuses it anyway. bull-board has no setting for either, so the page is changed on its way out.
 */
export const extendPage: RequestHandler = (_request, response, next) => {
  const send: Response['send'] = response.send.bind(response);
  response.send = (body) => send(typeof body === 'string' ? extended(body) : body);
  next();
};

/** Leaves any other answer as it is: the board's API sends JSON, which has no such elements. */
function extended(html: string): string {
  if (!html.startsWith('<!DOCTYPE html>')) return html;
  return html
    .replace(/<link href="https:\/\/fonts\.googleapis\.com[^>]*>/, '')
    .replace('<title>', '<script src="own-path.js"></script><title>')
    .replace(
      '</body>',
      '<script defer src="clickable-links.js"></script><script defer src="queue-banner.js"></script></body>',
    );
}
