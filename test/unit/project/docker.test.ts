import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import environments from '../../../scripts/lib/python-packages.json' with { type: 'json' };
import { readCompose } from '../../support/docker/compose.js';
import { execForm, lastOf, parseDockerfile } from '../../support/docker/dockerfile.js';

const compose = readCompose();
const { redis, postgres, mlflow, lakefs, 'lakefs-mlflow': service } = compose.services;
const template = readFileSync('docker/env.example', 'utf8');
const stages = parseDockerfile(readFileSync('Dockerfile', 'utf8'));
const final = stages.at(-1)!;

describe('compose.yaml', () => {
  test('Redis never evicts and keeps an append-only file', () => {
    expect(redis!.command!.join(' ')).toContain('--maxmemory-policy noeviction');
    expect(redis!.command!.join(' ')).toContain('--appendonly yes');
    expect(redis!.volumes).toEqual(['redis:/data']);
  });

  test('MLflow allows the host names with their ports, also the one that the service uses', () => {
    const option = mlflow!.command!.find((part) => part.startsWith('--allowed-hosts='))!;
    const hosts = option.slice('--allowed-hosts='.length).split(',');
    expect(hosts).toEqual(['mlflow:5000', 'localhost:5000', '127.0.0.1:5000']);
    expect(hosts).toContain(new URL(service!.environment.MLFLOW_TRACKING_URI!).host);
  });

  test('MLflow names its PostgreSQL driver, and the database is the one of this file', () => {
    const { host, protocol } = new URL(
      mlflow!.environment.MLFLOW_BACKEND_STORE_URI!.replace(/\$\{.*?\}/, 'x'),
    );
    expect(protocol).toBe('postgresql+psycopg2:');
    expect(host).toBe('postgres:5432');
    expect(postgres!.environment).toMatchObject({ POSTGRES_USER: 'mlflow', POSTGRES_DB: 'mlflow' });
  });

  test('the health check of MLflow asks the API under the name that the service uses', () => {
    expect(mlflow!.healthcheck!.test.join(' ')).toContain(
      `${service!.environment.MLFLOW_TRACKING_URI}/api/2.0/`,
    );
  });

  test('lakeFS may call the service: its host is in a JSON array', () => {
    expect(JSON.parse(lakefs!.environment.LAKEFS_ACTIONS_NETWORK_ALLOWED_HOSTS!)).toEqual(['lakefs-mlflow']);
  });

  test('lakeFS and the service share one hook token, which has no default', () => {
    expect(lakefs!.environment.LAKEFSACTION_BRIDGE_TOKEN).toMatch(/^\$\{LAKEFSACTION_BRIDGE_TOKEN:\?/);
    expect(service!.environment.LAKEFSACTION_BRIDGE_TOKEN).toBe(
      lakefs!.environment.LAKEFSACTION_BRIDGE_TOKEN,
    );
  });

  test('the service waits for what it needs to be healthy', () => {
    for (const needed of Object.keys(service!.depends_on!)) {
      expect(service!.depends_on![needed]!.condition).toBe('service_healthy');
      expect(compose.services[needed]!.healthcheck, needed).toBeDefined();
    }
    expect(Object.keys(service!.depends_on!).sort()).toEqual(['lakefs', 'mlflow', 'redis']);
  });

  test('every image has a fixed version', () => {
    for (const [name, { image }] of Object.entries(compose.services)) {
      expect(image, name).toMatch(/^[a-z-]+(\/[a-z-]+)?:\d+\.?\d*/);
    }
    const ours = JSON.parse(readFileSync('package.json', 'utf8')).version;
    expect(service!.image.split(':')[1]).toBe(ours);
  });

  test('ports are open on loopback only', () => {
    const ports = Object.values(compose.services).flatMap(({ ports: list }) => list ?? []);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('every volume is declared, and every one declared is used', () => {
    const used = Object.values(compose.services).flatMap(({ volumes }) => volumes ?? []);
    expect(used.map((volume) => volume.split(':')[0]).sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  test('every variable that it takes from .env is in the template, without a value', () => {
    const wanted = [...readFileSync('compose.yaml', 'utf8').matchAll(/\$\{(\w+)/g)].map((match) => match[1]!);
    const offered = [...template.matchAll(/^(\w+)=(.*)$/gm)];
    expect(offered.map((match) => match[1]).sort()).toEqual([...new Set(wanted)].sort());
    expect(offered.map((match) => match[2])).toEqual(offered.map(() => ''));
  });
});

describe('the images', () => {
  test('the service runs as a user without rights, and node gets the signals', () => {
    expect(lastOf(final, 'USER')).toBe('node');
    expect(execForm(lastOf(final, 'ENTRYPOINT'))).toEqual(['node', '/app/dist/src/cli/main.js']);
    expect(execForm(lastOf(final, 'CMD'))).toEqual(['serve']);
  });

  test('its data folder is a volume of the compose file', () => {
    const folder = lastOf(final, 'VOLUME');
    expect(final).toContainEqual({ name: 'ENV', text: `LAKEFS_MLFLOW_DATA_DIR=${folder}` });
    expect(service!.volumes).toEqual([`service:${folder}`]);
  });

  test('.dockerignore lets through exactly what is copied', () => {
    const passing = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = stages
      .flat()
      .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from'))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(passing.sort()).toEqual(copied.sort());
  });

  test('the MLflow image has the release that the tests run on', () => {
    const [image = []] = parseDockerfile(readFileSync('docker/mlflow.Dockerfile', 'utf8'));
    expect(image.find(({ name }) => name === 'RUN')!.text).toContain(`mlflow==${environments.newest.mlflow}`);
    expect(mlflow!.image).toBe(`lakefs-mlflow/mlflow:${environments.newest.mlflow}`);
    expect(lastOf(image, 'USER')).toBe('mlflow');
  });
});
