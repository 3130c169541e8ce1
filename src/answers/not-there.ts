/** What was asked about is not there, or leads nowhere. The message says so, and what to do. */
export class NotThereError extends Error {
  override readonly name = 'NotThereError';
  /** Of the command line. */
  readonly exitCode = 1;
}
