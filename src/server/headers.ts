import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Security headers for pages and dashboard. Both work without anything from another host; the font sheet that
 * the dashboard asks Google for is refused, so that no browser tells Google about it.
 *
 * On plain http three of helmet's defaults break hosts other than loopback: `upgrade-insecure-requests` and HSTS
 * send the browser to an https that is not there, and Cross-Origin-Opener-Policy only warns.
 */
export function createSecurityHeaders(publicUrl: string): RequestHandler {
  const https = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // Both set styles on elements.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 180 * 24 * 3600, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    xFrameOptions: { action: 'deny' },
  });
}
