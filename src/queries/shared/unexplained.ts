import type { InputView, Link } from '../../contract/run.js';
import type { Examination } from '../../facts/links/examine.js';

/** Datasets that a run logged and that led to no commit: autolog's, plain files, other stores. One per name and digest. */
export function unexplainedInputs(
  inputs: readonly InputView[],
  { links, judged, none }: Pick<Examination, 'links' | 'judged' | 'none'>,
): readonly InputView[] {
  const lost = [
    ...judged.filter(({ verdict }) => verdict.kind === 'none').map(({ reference }) => reference),
    ...none,
  ].filter(({ where }) => where === 'input');
  const linked = (name: string): boolean =>
    links.some((link: Link) => link.where === 'input' && link.name === name);
  const found = inputs.filter(({ name }) => !linked(name) && lost.some((other) => other.name === name));
  return [...new Map(found.map((input) => [JSON.stringify([input.name, input.digest]), input])).values()];
}
