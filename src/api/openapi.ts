import type { ApiRoute } from './route.js';

/** The description of the API, OpenAPI 3.1. Built from the same data as the routes themselves. */
export function openApiDocument(
  routes: readonly ApiRoute[],
  { publicUrl, version }: { readonly publicUrl: string; readonly version: string },
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    path[route.method] = operation(route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'lakefs-mlflow',
      version,
      description:
        'Which data of lakeFS a run or model of MLflow read, and which runs and models data has reached. Fields ' +
        'may be added to answers; those that are here keep their meaning.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ password: [] }, { local: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        password: { type: 'http', scheme: 'basic', description: 'A user of LAKEFS_MLFLOW_USERS' },
        local: {
          type: 'http',
          scheme: 'bearer',
          description: 'For commands on the same machine: the token in DATA_DIR/service.json',
        },
      },
      schemas: { Problem: problem },
    },
  };
}

const problem = {
  type: 'object',
  description: 'RFC 9457',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened, and what to do' },
  },
  required: ['type', 'title', 'status'],
};

function operation(route: ApiRoute): Record<string, unknown> {
  const answers = Object.entries(route.answers).map(([status, { description, schema }]) => [
    status,
    { description, content: { 'application/json': { schema } } },
  ]);
  return {
    operationId: route.operation,
    summary: route.summary,
    description: `For users with the role ${route.role === 'viewer' ? 'viewer or operator' : 'operator'}.`,
    parameters: route.parameters.map(({ name, in: place, description, schema, required }) => ({
      ...{ name, in: place, description, schema },
      required: place === 'path' || required === true,
    })),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: 'It could not be done',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}
