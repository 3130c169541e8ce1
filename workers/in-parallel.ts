/** Waits for all of them, also where one fails: nothing goes on behind the back of the job. Throws the first's error. */
export async function inParallel<T extends readonly unknown[]>(
  ...work: { readonly [K in keyof T]: () => Promise<T[K]> }
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const running = work.map((one) => one()) as { [K in keyof T]: Promise<T[K]> };
  await Promise.allSettled(running);
  return Promise.all(running);
}
