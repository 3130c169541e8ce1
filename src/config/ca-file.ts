import { errorCode } from './error-code.js';
import type { Option } from './option.js';
import type { Reader } from './reader.js';

/** Reads the name of a PEM file and complains where it is none; the name stays the value. */
export function readCaFile(
  reader: Reader,
  option: Option,
  readFile: (path: string) => string,
): string | undefined {
  const name = reader.text(option);
  if (name === undefined) return undefined;
  try {
    if (!readFile(name).includes('-----BEGIN CERTIFICATE-----')) {
      reader.complain(
        option,
        'names a file without a certificate: it must be in PEM form, with a line -----BEGIN CERTIFICATE-----',
      );
    }
  } catch (error) {
    reader.complain(option, `names a file that cannot be read (${errorCode(error)})`);
  }
  return name;
}
