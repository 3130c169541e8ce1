import Type from 'typebox';
import {
  type Answer,
  branchState,
  changedPath,
  commitFields,
  consumer,
  flag,
  orNull,
  refKind,
  scanCoverage,
  string,
  strings,
} from '../shared/schema.js';

/** What `lineage` answers about a commit, or about the one that a ref leads to. */
export const commitLineage = Type.Object({
  kind: Type.Literal('commit'),
  asked: string,
  ref: string,
  refKind,
  commit: Type.Object({ ...commitFields, parents: orNull(strings) }),
  makers: Type.Array(string, { description: 'Runs that produced it, as its metadata says' }),
  candidates: Type.Array(changedPath, { description: 'Dataset paths that it changed and that hold data' }),
  emptied: Type.Array(string, { description: 'Dataset paths of which it left nothing' }),
  branches: Type.Array(branchState),
  limits: Type.Object({ branches: flag }),
  readers: Type.Array(consumer),
  looked: scanCoverage,
});
export type CommitLineage = Answer<typeof commitLineage>;
