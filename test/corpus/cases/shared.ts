import { autolog, givenDigest } from '../harness/inputs.js';
import { commit, exact, type Labels, likely, links } from '../harness/vocabulary.js';

/** The file that most cases read. */
export const csv = 'gold/train.csv';
/** Commit `a` writes the file, and `b` changes it or something beside it. */
export const first = commit('a', { [csv]: '1' });
export const changed = commit('b', { [csv]: '2' });
export const elsewhere = commit('b', { 'silver/x.csv': '1' });
export const superseded = { status: 'superseded', because: 'main@b' } as const;
export const at = (ref: string, path = csv): string => `s3://{repo}/{${ref}}/${path}`;
export const readB = [{ commit: 'b', path: csv }];
export const features = { name: 'features', frame: 'a,b' };

/** The digest that autologging was recorded with. */
export const autologged = givenDigest(autolog());

/** The first run read `a`, the second `b`, of which MLflow shows the first one's source. */
export const theFirstOnesSource: Labels = {
  r1: { ...links(exact('a', csv)), ...superseded },
  r2: { ...links(likely('a', csv)), ...superseded, read: readB },
};

/** A table of which the second commit corrects the column y only. */
export const table = commit('a', { [csv]: 'a,b,y\n1,1,0\n2,2,0\n' });
export const corrected = commit('b', { [csv]: 'a,b,y\n1,1,0\n2,2,1\n' });

export const partOfFile =
  'design 3 exact: a digest covers the frame that was logged, which may be part of the file';

/** More rows than MLflow's digest looks at: frames of one content so far have one digest. */
export const big = { name: 'big', frame: 'first 10,000 rows', rows: 10_002 };
