import type { Run } from '../../src/mlflow/types.js';
import type { Recorded } from './reading.js';

interface Names {
  readonly repository: string;
  readonly commit: string;
  readonly folder: string;
  readonly scripts: string;
}

/** What is recorded of runs: without what differs from day to day and from person to person. */
export function recordable(recorded: Recorded, names: Names): string {
  const kept = { ...recorded, plain: anonymous(recorded.plain), line: anonymous(recorded.line) };
  return `${JSON.stringify(kept, null, 2)
    .replaceAll(names.repository, '{repo}')
    .replaceAll(names.commit, '{commit}')
    .replaceAll(names.folder, '/home/alice')
    .replaceAll(names.scripts, '/home/alice')}\n`;
}

/** Tags that hold names of people, machines and commits of code, and times; a decision uses none of them. */
const personal = /^mlflow\.(?:user|source\.|artifactLocation)|^datetime_/;

function anonymous({ info, data, inputs }: Run): Run {
  return {
    info: {
      ...{ run_id: '0'.repeat(32), experiment_id: '1', status: info.status, lifecycle_stage: 'active' },
      ...{ start_time: 1_000_000, end_time: 1_100_000 },
    },
    data: {
      ...(data?.tags && { tags: data.tags.filter(({ key }) => !personal.test(key)) }),
      ...(data?.params && { params: data.params }),
    },
    ...(inputs && {
      inputs: {
        dataset_inputs: (inputs.dataset_inputs ?? []).map(({ tags, dataset }) => ({
          ...(tags && { tags }),
          dataset:
            dataset.source_type === 'code'
              ? { ...dataset, source: '{"tags": {"mlflow.user": "alice"}}' }
              : dataset,
        })),
      },
    }),
  } as Run;
}
