/** Tells whether many jobs run beside each other: then it pays to wait a moment and ask for several in one request. */
export interface Crowd {
  /** Runs a job as part of the crowd. */
  join<T>(job: () => Promise<T>): Promise<T>;
  isThere(): boolean;
}

const fromJobs = 4;

export function createCrowd(): Crowd {
  let running = 0;
  return {
    join: async (job) => {
      running += 1;
      try {
        return await job();
      } finally {
        running -= 1;
      }
    },
    isThere: () => running >= fromJobs,
  };
}
