import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What the tests read of a service of compose.yaml. */
export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}

export function readCompose(): Compose {
  return parse(readFileSync('compose.yaml', 'utf8'));
}

/** The environment of a service with every variable that comes from .env set to `value`. */
export function environmentOf(service: ComposeService, value: string): Record<string, string> {
  const entries = Object.entries(service.environment);
  return Object.fromEntries(entries.map(([name, text]) => [name, text.replace(/\$\{[^}]*\}/g, value)]));
}
