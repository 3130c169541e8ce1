import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLinksTag } from '../../../src/contract/links-tag.js';
import { viewOf } from '../../../src/facts/runs/run-view.js';
import { createRuntime, type Runtime } from '../../support/jobs/runtime.js';
import { clientFor, commitObject, lakefsUnderTest, newRepository } from '../../support/lakefs/lakefs.js';
import { type TrainingStep, train } from '../../support/mlflow/train.js';
import { waitFor } from '../../support/servers/process.js';
import { realServers } from '../../support/servers/real-servers.js';

const { mlflow } = realServers();
const servers = await lakefsUnderTest();

describe.each(servers)('runs that name a branch or tag of a $kind lakeFS', (lakefs) => {
  const client = clientFor(lakefs);
  const experiment = `names-${randomBytes(4).toString('hex')}`;
  let repo = '';
  let a = '';
  let b = '';
  let runtime: Runtime;

  beforeAll(async () => {
    repo = await newRepository(client);
    a = await commitObject(client, repo, 'main', 'gold/x.csv', '1');
    await client.createTag(repo, { id: 'v1.0', ref: a });
    await client.createTag(repo, { id: 'plain', ref: a });
    b = await commitObject(client, repo, 'main', 'silver/x.csv', '2');
    await client.createBranch(repo, { name: 'exp', source: b });
    await client.createBranch(repo, { name: 'dirty', source: b });
    await client.uploadObject(repo, 'dirty', 'gold/x.csv', 'uncommitted');
    // Dates have no parts of a second: a run of the next one began after the commits for certain.
    const { creation_date: date } = await client.getCommit(repo, b);
    await waitFor('the next second', () => Date.now() >= (date + 1) * 1_000);
    runtime = createRuntime(lakefs, mlflow.url, { installation: { repositories: [repo], startMarginMs: 0 } });
  });
  afterAll(() => lakefs.stop());

  async function tagsOf(run: string): Promise<ReadonlyMap<string, string>> {
    return viewOf(await runtime.mlflow.runs.getRun(run)).tags;
  }

  const read = (name: string, ref: string, path = 'gold/x.csv'): TrainingStep => ({
    name,
    experiment,
    inputs: [{ source: `s3://${repo}/${ref}/${path}`, name, seed: name.length }],
  });

  test('each ref leads where lakeFS has it lead, as surely as it can be known', async () => {
    const runs = await train(mlflow, [
      read('tag', 'v1.0'),
      read('tag-like-a-branch', 'plain'),
      read('prefix', a.slice(0, 10)),
      read('branch', 'main'),
      read('committed', 'dirty@'),
      read('dirty', 'dirty'),
      read('before-the-head', 'main~1'),
      read('parent-of-an-id', `${b}~1`),
      read('parent-of-a-tag', 'v1.0^0'),
      read('no-such-parent', 'v1.0^2'),
      read('negative', 'main~-1'),
      read('staged', 'dirty$'),
      read('bucket', 'main', 'other/x.csv'),
      read('deleted', 'exp'),
      read('nowhere', 'nowhere'),
      { name: 'param', experiment, params: { data: `lakefs://${repo}/v1.0/gold/` } },
      { name: 'label', experiment, tags: { lakefs_repo: repo, lakefs_branch: 'main' } },
    ]);
    await runtime.sweep();
    const found: Record<string, string> = {};
    for (const [name, run] of Object.entries(runs)) {
      const tags = await tagsOf(run);
      const [link] = readLinksTag(tags).links;
      const commit = link?.commit === a ? 'a' : link?.commit === b ? 'b' : 'another';
      const guide = tags.get('lakefs_commit') === link?.commit ? ', said' : '';
      const maybe = tags.has(`lakefs.maybe.${repo}.${link?.commit.slice(0, 12)}`) ? ', maybe' : '';
      found[name] = link === undefined ? 'nothing' : `${link.kind} ${commit}${guide}${maybe}`;
    }
    expect(found).toEqual({
      tag: 'resolved a, said',
      'tag-like-a-branch': 'resolved a, said',
      prefix: expect.stringMatching(/^(exact|likely) a, said$/),
      branch: 'inferred b, maybe',
      committed: 'inferred b, maybe',
      dirty: 'ambiguous b',
      'before-the-head': 'inferred a, maybe',
      'parent-of-an-id': expect.stringMatching(/^(exact|likely) a, said$/),
      'parent-of-a-tag': 'resolved a, said',
      'no-such-parent': 'nothing',
      negative: 'nothing',
      staged: 'ambiguous b',
      bucket: 'nothing',
      deleted: 'inferred b, maybe',
      nowhere: 'nothing',
      param: 'resolved a, said',
      label: 'inferred b, maybe',
    });

    // What was found stays: a branch that is deleted, and one that moves on.
    const withoutLife = async (run: string): Promise<Map<string, string>> => {
      const tags = new Map(await tagsOf(run));
      // What became of the data since is told as soon as the branch is read again.
      for (const key of ['lakefs.status', 'lakefs.because']) tags.delete(key);
      return tags;
    };
    const before = await Promise.all([runs.deleted!, runs.branch!].map(withoutLife));
    await client.deleteBranch(repo, 'exp');
    await commitObject(client, repo, 'main', 'gold/x.csv', '3');
    await runtime.sweep();
    expect(await Promise.all([runs.deleted!, runs.branch!].map(withoutLife))).toEqual(before);
  });
});
