import { inject } from 'vitest';

/** The real servers that a file's tests run against, started once per test run by `global-setup.ts`. */
export interface RealServers {
  /** The newest release that the project is tested on. */
  readonly mlflow: RealMlflow & {
    /** Its SQLite database, and a copy from when it had just started. */
    readonly database: { readonly file: string; readonly empty: string };
  };
  /** An older release, where its virtual environment is there. */
  readonly mlflowOlder: RealMlflow | null;
  /** Null where no redis-server can be had. */
  readonly redis: { readonly url: string; readonly binary: string } | null;
  /** A real lakeFS: from LAKEFS_TEST_ENDPOINT, or a `lakefs` on the PATH. Null where there is none. */
  readonly lakefs: {
    readonly endpoint: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  } | null;
}

export interface RealMlflow {
  readonly url: string;
  readonly version: string;
  readonly python: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** One set for each file that runs at a time. MLflow and Redis are its own, the rest is one and the same. */
    servers: readonly RealServers[];
    /** For what files have in common; removed at the end of the test run. */
    folder: string;
  }
}

/** The servers for this file's tests. */
export function realServers(): RealServers {
  const servers = inject('servers')[Number(process.env.VITEST_POOL_ID) - 1];
  if (servers === undefined) throw new Error('there are fewer servers than files that run at a time');
  return servers;
}
