import { runIdInPage } from '../../domain/references/run-id.js';
import { type RunOrModel, readRunOrModel } from '../shared/read-run.js';

export type VerifyTarget =
  | { readonly kind: 'one'; readonly what: RunOrModel }
  /** Name or id of an experiment; where there is none, a run with that id. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'none'; readonly problem: string };

/** Experiments may have any name, so that what can be nothing else but a run or a model is recognised first. */
export function readVerifyTarget(given: string): VerifyTarget {
  const text = given.trim();
  const experiment = /^https?:/i.test(text) ? experimentIn(text) : undefined;
  if (experiment !== undefined) return { kind: 'name', name: experiment };
  if (!/^(?:https?:|runs:|models:|m-[0-9a-f]{32}$|[0-9a-f]{32}$)/i.test(text)) {
    return text === ''
      ? { kind: 'none', problem: 'name a run, a model or an experiment' }
      : { kind: 'name', name: text };
  }
  const what = readRunOrModel(text);
  return what.kind === 'none' ? what : { kind: 'one', what };
}

/** The experiment that an address of MLflow's pages names, where it names no run of it. */
function experimentIn(address: string): string | undefined {
  if (/\/runs\/[0-9a-f]{32}/i.test(address) || runIdInPage(address) !== undefined) return undefined;
  return /\/experiments\/(\w+)/i.exec(address)?.[1];
}
