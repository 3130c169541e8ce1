import { parsedTags } from '../../../src/contract/links-tag.js';
import type { InputView, Link, RunView } from '../../../src/contract/run.js';

export const commitA = 'a'.repeat(64);
export const commitB = 'b'.repeat(64);

/** A finished run that says nothing, but for what a test gives it. */
export function runView(
  parts: Partial<Omit<RunView, 'tags'>> & { tags?: Record<string, string> } = {},
): RunView {
  const { tags, ...rest } = parts;
  return {
    id: 'run1',
    experimentId: '1',
    active: true,
    terminal: true,
    startTime: 1_000,
    endTime: 2_000,
    params: new Map(),
    inputs: [],
    logsEpochs: false,
    loggedModel: false,
    loggedModels: [],
    ...rest,
    tags: parsedTags(Object.entries(tags ?? {})),
  };
}

export function inputView(address: string, parts: Partial<InputView> = {}): InputView {
  return {
    name: 'train',
    digest: 'e24a8c4a',
    sourceType: 's3',
    source: JSON.stringify({ uri: address }),
    schema: undefined,
    profile: undefined,
    context: 'training',
    ...parts,
  };
}

export function link(parts: Partial<Link> = {}): Link {
  return {
    installation: 'default',
    repository: 'repo',
    commit: commitA,
    ref: commitA,
    path: 'gold/',
    where: 'input',
    name: 'train',
    kind: 'exact',
    certain: true,
    flags: [],
    ...parts,
  };
}
