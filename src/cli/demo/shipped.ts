import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file of the package's `demo` folder: three folders up as source, four once compiled into `dist`. */
export function shippedFile(name: string): string {
  const places = ['../../../demo/', '../../../../demo/'].map((folder) =>
    fileURLToPath(new URL(`${folder}${name}`, import.meta.url)),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error(`${name} is missing from the package's demo folder: reinstall the package`);
  return found;
}
