import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What measures how quickly something is done needs the machine to itself. */
const measuring = ['test/fault/*-outage.test.ts'];

/** These begin first, the longest one first, so that none is left over at the end. */
const longest = [
  'integration/queue/contract',
  'fault/link-run-crashes',
  'corpus/corpus',
  'e2e/demo',
  'integration/operations',
  'integration/workers/reconcile-lost',
  'e2e/docker-steps',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const withServers = {
  globalSetup: ['test/support/servers/global-setup.ts'],
  setupFiles: ['test/support/servers/empty-mlflow.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    // Files that run at a time. The machines are small, and each of these has servers of its own.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
          // What is loaded once serves all files: our modules keep no state, and loading them takes as long as the tests.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...withServers,
          name: 'servers',
          include: ['test/{integration,fault,e2e,corpus}/**/*.test.ts'],
          exclude: measuring,
        },
      },
      // Its files run one after another, when all others have ended.
      { test: { ...withServers, name: 'alone', include: measuring, fileParallelism: false } },
    ],
  },
});
