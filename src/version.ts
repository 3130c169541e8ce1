import { readFileSync } from 'node:fs';

/** The release, from our package.json: one folder up as source, two once compiled into `dist`. */
export function packageVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      if (isOurs(found)) return found.version;
    } catch {
      // Not at this place.
    }
  }
  return 'unknown';
}

function isOurs(value: unknown): value is { readonly version: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    value.name === 'lakefs-mlflow' &&
    'version' in value &&
    typeof value.version === 'string'
  );
}
