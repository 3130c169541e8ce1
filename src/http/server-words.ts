/**
 * The message of a server's JSON: its own `message`, or that of the `error` object which hosted servers nest. Azure's
 * begin with a capital.
 *
 * @param depth so many objects are looked into: an answer may nest them without end
 */
export function messageIn(json: unknown, depth = 3): string | undefined {
  const own = textAt(json, 'message') ?? textAt(json, 'Message');
  if (own !== undefined) return own;
  return depth === 0 ? undefined : messageIn(at(json, 'error') ?? at(json, 'Error'), depth - 1);
}

/**
 * All that a server says in JSON of what went wrong, for people: its message, or the bare text that GitLab and OAuth have
 * in its place (`{"error":"…","error_description":"…"}`). Undefined where there is none.
 */
export function serverWords(json: unknown): string | undefined {
  const message = messageIn(json);
  if (message !== undefined) return message;
  const error = textAt(json, 'error') ?? textAt(json, 'Error');
  const description = textAt(json, 'error_description');
  if (error === undefined || description === undefined) return error ?? description;
  return `${error}: ${description}`;
}

function at(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null ? Reflect.get(json, key) : undefined;
}

function textAt(json: unknown, key: string): string | undefined {
  const value = at(json, key);
  return typeof value === 'string' ? value : undefined;
}
