/** An upload in parts, which large files are sent as. */
export interface PartialUpload {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}
