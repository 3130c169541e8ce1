import { pandas } from '../harness/inputs.js';
import { commit, exact, type Label, links, look, type Step } from '../harness/vocabulary.js';

export const csv = 'gold/train.csv';
export const other = 'silver/other.csv';
export const first = commit('a', { [csv]: '1', [other]: '1' });
export const second = commit('b', { [csv]: '2' });
export const reads = (ref: string, path = csv) => ({ inputs: [pandas(`s3://{repo}/{${ref}}/${path}`)] });
export const current = (name: string, path = csv): Label => links(exact(name, path));
export const superseded = (name: string, because: string, path = csv): Label => ({
  ...links(exact(name, path)),
  status: 'superseded',
  because,
});
export const reverted = (name: string, because: string): Label => ({
  ...links(exact(name, csv)),
  status: 'reverted',
  because,
});
export const orphaned = (name: string): Label => ({ ...links(exact(name, csv)), status: 'orphaned' });
/** Its data is linked and good before what follows happens. */
export const linked = (name: string): Step => look({ r: current(name) });
