import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { answerRoutes } from '../../../src/api/answers.js';
import { openApiDocument } from '../../../src/api/openapi.js';
import { operationRoutes } from '../../../src/api/operations.js';
import { createInstallations } from '../../../src/config/installations.js';

const unused = () => {
  throw new Error('nothing is asked for to describe it');
};
const routes = [
  ...answerRoutes({ servers: [], now: unused }),
  ...operationRoutes({
    installations: createInstallations([]),
    queues: { addMany: unused, counts: unused },
    admin: { find: unused, failed: unused, replay: unused, replayAll: unused },
    forget: unused,
  }),
];
const document = openApiDocument(routes, { publicUrl: 'https://us.example/prefix', version: '1.2.3' });

test('the description is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  expect(document.openapi).toBe('3.1.0');
});

test('a description with a fault is not', async () => {
  const broken = {
    ...document,
    paths: { '/lineage': { get: { parameters: [{ name: 'what', in: 'nowhere' }] } } },
  };
  expect((await new Validator().validate(JSON.parse(JSON.stringify(broken)))).valid).toBe(false);
});

test('it has every route once, at its full address', () => {
  const described = Object.entries(document.paths as Record<string, Record<string, { operationId: string }>>);
  const operations = described.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
  );
  expect(operations.sort()).toEqual(
    routes.map(({ method, path, operation }) => `${method} ${path} ${operation}`).sort(),
  );
  expect(new Set(routes.map(({ operation }) => operation)).size).toBe(routes.length);
  expect(document.servers).toEqual([{ url: 'https://us.example/prefix/api/v1' }]);
});

test.each(routes.map((route) => [route.operation, route] as const))(
  '%s describes each parameter of its path, and all that it takes',
  (_operation, { path, parameters, summary }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath);
    for (const { description } of parameters) expect(description).not.toBe('');
    expect(summary).not.toMatch(/\.$/);
  },
);
