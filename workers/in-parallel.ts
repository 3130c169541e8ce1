/** Waits for all of them, also where one fails: nothing goes on behind the back of the job. Throws the first's error. */
export async function inParallel<T extends readonly unknown[]>(
  ...work: { readonly [K in keyof T]: () => Promise<T[K]> }
): Promise<T> {
  const ends = await Promise.allSettled(work.map((one) => one()));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return ends.map((end) => (end.status === 'fulfilled' ? end.value : undefined)) as unknown as T;
}
