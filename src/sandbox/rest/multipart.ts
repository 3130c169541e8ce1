export interface Part {
  readonly name: string;
  readonly contentType: string | undefined;
  readonly data: Buffer;
}

/** The parts of a `multipart/form-data` body; none where the boundary is missing. */
export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return [];
  const marker = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let start = body.indexOf(marker);
  while (start >= 0) {
    const from = start + marker.length;
    const next = body.indexOf(marker, from);
    if (next < 0) break;
    const head = body.indexOf('\r\n\r\n', from);
    if (head >= 0 && head < next) {
      const headers = body.subarray(from, head).toString();
      parts.push({
        name: /[; ]name="([^"]*)"/i.exec(headers)?.[1] ?? '',
        contentType: /^content-type:(.+)$/im.exec(headers)?.[1]?.trim(),
        data: body.subarray(head + 4, next - 2),
      });
    }
    start = next;
  }
  return parts;
}
