import type { InputView } from '../../contract/run.js';
import { cut } from '../common/text.js';
import { parseAddress, showAddress } from './address.js';
import { addressesOfSource, sourceWithoutAddress } from './dataset-source.js';
import { outputWordOf, type ReferenceRules } from './reference-rules.js';
import { shownValue } from './reference-text.js';
import type { NoReference, Reference } from './reference-types.js';
import { tableOf } from './table-version.js';
import { versionOfSource } from './table-version-keys.js';

/** UTF-16 units; MLflow takes 500 characters. */
const maxName = 1_000;

/** Adds what one dataset input says, or why it says nothing. */
export function collectInput(
  input: InputView,
  rules: ReferenceRules,
  found: Reference[],
  none: NoReference[],
): void {
  const at = { where: 'input', name: cut(input.name, maxName) } as const;
  if (input.name.length > maxName) {
    none.push({
      ...at,
      text: shownValue(input.source),
      reason: `its name has more than ${maxName} characters`,
    });
    return;
  }
  const addresses = addressesOfSource(input.source, (key) => outputWordOf(key, rules) !== undefined);
  if (addresses.length === 0) {
    const reason = sourceWithoutAddress(input.sourceType, input.source);
    none.push({ ...at, text: shownValue(input.source), reason });
  }
  // Of several addresses it is not told which the version is of.
  const recorded = addresses.length === 1 ? versionOfSource(input.source, rules) : undefined;
  for (const text of addresses) {
    const parsed = parseAddress(text, rules);
    if (parsed.kind === 'none') {
      none.push({ ...at, text: shownValue(showAddress(text)), reason: parsed.reason });
      continue;
    }
    const { address, version = recorded } = tableOf(parsed.address);
    found.push({
      ...at,
      context: input.context,
      address,
      host: parsed.host,
      text: shownValue(showAddress(text)),
      dataset: { digest: input.digest, ...(input.digestOfSource && { digestOfSource: true }) },
      ...(version === undefined ? {} : { version }),
    });
  }
}
