/** A refusal with the status and message that lakeFS gives; answered as `{"message": …}`. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function notFound(message = 'not found'): ApiFailure {
  return new ApiFailure(404, message);
}
