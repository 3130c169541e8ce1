import { Router } from 'express';

/** Serves the description of the API at `/openapi.json`. Mount it behind the login. */
export function createDescriptionRoute(document: Readonly<Record<string, unknown>>): Router {
  const text = JSON.stringify(document);
  return Router().get('/openapi.json', (_request, response) => {
    response.type('application/json').set('Cache-Control', 'no-cache').send(text);
  });
}
