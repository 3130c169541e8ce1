import { Router } from 'express';
import type { Metrics } from '../telemetry/metrics.js';

/** `/metrics` for Prometheus. Mount it behind the login: Prometheus can send HTTP Basic. */
export function createMetricsRoute(metrics: Metrics): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    const { contentType, text } = await metrics.render();
    response.set('Cache-Control', 'no-store').set('Content-Type', contentType).send(text);
  });
  return router;
}
