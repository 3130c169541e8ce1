export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What is known of a failed attempt; free of secrets. */
export interface HttpFailureFacts {
  readonly name: 'lakeFS' | 'MLflow';
  readonly method: HttpMethod;
  /** Redacted. */
  readonly url: string;
  /** As the caller of `request` gave it. */
  readonly purpose?: string;
  /** Absent where no answer came. */
  readonly status?: number;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer's text, at most 2,000 characters. */
  readonly body?: string;
  /** The answer, where it is JSON. */
  readonly json?: unknown;
  readonly retryAfterMs?: number;
  /** `ECONNREFUSED`, `ETIMEDOUT` … where no answer came. */
  readonly code?: string;
  /** What the network layer says, where no answer came. */
  readonly reason?: string;
  readonly timeoutMs?: number;
  /** Whether the server answered something else at the same time; absent where nobody asked. */
  readonly serverAnswers?: boolean;
}
