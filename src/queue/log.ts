/** The part of the service's logger that the queue uses: static messages, data beside them. */
export interface QueueLog {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}
