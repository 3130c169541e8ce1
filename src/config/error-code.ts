/** `ENOENT` and the like, for messages that must not repeat what the error itself says. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
