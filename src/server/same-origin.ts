import type { RequestHandler } from 'express';
import { sendProblem } from './problem.js';

/** What a request that changes something shows about where it came from. */
export interface OriginFacts {
  readonly method: string;
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly contentType: string | undefined;
  readonly hasBody: boolean;
}

/**
 * Says why a request must be refused as possibly sent by another site's page, or undefined where it is ours.
 * The dashboard has no protection of its own: a form on any page could add a job with the visitor's login.
 *
 * Browsers send Sec-Fetch-Site over https and to loopback only; on a plain-http host the Origin must do.
 * A POST always needs JSON, because a body-less or form POST is sent across sites without a preflight.
 *
 * @param publicUrl where people reach us: a proxy may change the Host on the way
 */
export function crossSiteProblem(facts: OriginFacts, publicUrl: string): string | undefined {
  if (facts.method === 'GET' || facts.method === 'HEAD') return undefined;
  if (facts.secFetchSite === undefined && facts.origin === undefined) {
    return `Refused: the request does not say where it comes from. Programs must send the header "Origin: ${parse(publicUrl)?.origin ?? publicUrl}".`;
  }
  if (!isOurs(facts, publicUrl)) {
    return 'Refused: the request does not come from a page of this service.';
  }
  if ((facts.method === 'POST' || facts.hasBody) && !isJson(facts.contentType)) {
    return 'Refused: only application/json is accepted here.';
  }
  return undefined;
}

function isOurs(facts: OriginFacts, publicUrl: string): boolean {
  if (facts.secFetchSite !== undefined) return facts.secFetchSite === 'same-origin';
  if (facts.origin === undefined) return false;
  const origin = parse(facts.origin);
  if (origin === undefined) return false;
  return origin.origin === parse(publicUrl)?.origin || origin.host === facts.host?.toLowerCase();
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

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
