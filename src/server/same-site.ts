import type { RequestHandler } from 'express';
import { sendProblem } from './problem.js';
import { crossSiteProblem } from './same-origin.js';

/** Refuses requests that change something and that another site's page may have sent. */
export function createSameSiteCheck(publicUrl: string): RequestHandler {
  return (request, response, next) => {
    const { headers } = request;
    const problem = crossSiteProblem(
      {
        method: request.method,
        secFetchSite: request.get('sec-fetch-site'),
        origin: headers.origin,
        host: headers.host,
        contentType: headers['content-type'],
        hasBody: headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0,
      },
      publicUrl,
    );
    if (problem === undefined) next();
    else sendProblem(response, 403, problem);
  };
}
