import { createHash } from 'node:crypto';

/** The port that the receiver of hooks listened on when the traffic was recorded. */
const recordedPort = ':9099';

const variable =
  /[0-9a-f]{64}|\b4oo[0-9a-v]{17}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b|local:\/\/\/\S+|(?<=<HostId>)[0-9A-F]+|\d{4}-\d\d-\d\dT[\d:.]+Z|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|(?<=Request duration: )[\d.]+(?:µs|ms|s)/g;
const timeLike = /^(?:\d{4}-|\w{3}, |[\d.]+(?:µs|ms|s)$)/;

/**
 * Which id of the replay stands for which id of the recording. Ids, checksums and addresses differ by nature, so
 * they are mapped, one to one, and a wrong parent or a mixed-up object is a mismatch.
 */
export class Correspondence {
  readonly #actual = new Map<string, string>();
  readonly #recorded = new Map<string, string>();
  readonly #sizes = new Map<number, number>();
  /** Recorded ids that are no commits but trees. */
  readonly #trees = new Set<string>();
  readonly #prefixes = new Map<string, string>();
  readonly #port: number;

  constructor(receiverPort: number) {
    this.#port = receiverPort;
  }

  /** Text of a recorded request as it must be sent now. */
  translate(text: string): string {
    return text
      .replaceAll(recordedPort, `:${this.#port}`)
      .replace(/[0-9a-f]{64}|\b4oo[0-9a-v]{17}\b|\b[0-9a-f]{32}\b/g, (id) => this.#actual.get(id) ?? id)
      .replace(/[0-9A-F]{64}/g, (id) => (this.#actual.get(id.toLowerCase()) ?? id).toUpperCase());
  }

  /** An action file changes with the port; its new size and checksum are noted. */
  translateUpload(text: string): string {
    const sent = this.translate(text);
    if (sent !== text) {
      this.#bind(md5(text), md5(sent));
      this.#sizes.set(Buffer.byteLength(text), Buffer.byteLength(sent));
    }
    return sent;
  }

  /** A shortened commit id: as long as asked, or as long as it takes to be unique. */
  translatePrefix(prefix: string): string {
    const full = [...this.#actual.keys()].filter(
      (id) => id.length === 64 && !this.#trees.has(id) && id.startsWith(prefix),
    );
    const actual = full[0] === undefined ? undefined : this.#actual.get(full[0]);
    if (actual === undefined) return prefix;
    let length = prefix.length;
    while (this.#commitIds().filter((id) => id.startsWith(actual.slice(0, length))).length > 1) length++;
    if (prefix.length >= 8) this.#prefixes.set(prefix, actual.slice(0, length));
    return actual.slice(0, length);
  }

  /** Says that a recorded id is that of a tree. */
  noteTree(recorded: string): void {
    this.#trees.add(recorded);
  }

  /** A prefix that two commit ids share, or undefined where no two do. */
  ambiguousPrefix(): string | undefined {
    const first = this.#commitIds().map((id) => id.slice(0, 1));
    return first.find((digit, index) => first.indexOf(digit) !== index);
  }

  #commitIds(): string[] {
    return [...this.#recorded]
      .filter(([actual, recorded]) => actual.length === 64 && !this.#trees.has(recorded))
      .map(([actual]) => actual);
  }

  /** @returns what is wrong, or undefined */
  compareText(recorded: string, actual: string): string | undefined {
    const ids: string[] = [];
    let pattern = '';
    let end = 0;
    for (const match of recorded.matchAll(variable)) {
      pattern += this.#literal(recorded.slice(end, match.index));
      pattern += match[0].startsWith('local:///')
        ? '(local://\\S+)'
        : timeLike.test(match[0])
          ? `(${timePattern(match[0])})`
          : '([0-9A-Za-z-]+)';
      ids.push(match[0]);
      end = match.index + match[0].length;
    }
    pattern += this.#literal(recorded.slice(end));
    const found = new RegExp(`^${pattern}$`, 's').exec(actual);
    if (found === null) return `expected ${JSON.stringify(recorded)}, got ${JSON.stringify(actual)}`;
    for (const [index, id] of ids.entries()) {
      const value = found[index + 1] ?? '';
      if (isConstant(id)) {
        if (value !== id) return `expected ${id}, got ${value}`;
      } else if (!timeLike.test(id) && !isUuid(id) && !this.#bind(id, value)) {
        return `expected what stands for ${id} (${this.#actual.get(id)}), got ${value} (${this.#recorded.get(value)}) in ${JSON.stringify(actual)}`;
      }
    }
    return undefined;
  }

  compareSize(path: string, recorded: number, actual: number): boolean {
    return (
      actual === (path.startsWith('_lakefs_actions/') ? (this.#sizes.get(recorded) ?? recorded) : recorded)
    );
  }

  /** Text between ids as a pattern: the receiver's port and shortened ids put in. */
  #literal(text: string): string {
    let now = text.replaceAll(recordedPort, `:${this.#port}`);
    for (const [recorded, actual] of this.#prefixes) now = now.replaceAll(recorded, actual);
    return now.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }

  #bind(recorded: string, actual: string): boolean {
    const before = this.#actual.get(recorded);
    const back = this.#recorded.get(actual);
    if (before === undefined && back === undefined) {
      this.#actual.set(recorded, actual);
      this.#recorded.set(actual, recorded);
      return true;
    }
    return before === actual && back === recorded;
  }
}

function timePattern(recorded: string): string {
  if (recorded.startsWith('0001-')) return '0001-01-01T00:00:00Z';
  if (/^\d{4}-/.test(recorded))
    return recorded.includes('.')
      ? '\\d{4}-\\d\\d-\\d\\dT[\\d:]+(?:\\.\\d+)?Z'
      : '\\d{4}-\\d\\d-\\d\\dT[\\d:]+Z';
  return recorded.endsWith('GMT') ? '\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]+ GMT' : '[\\d.]+(?:µs|ms|s)';
}

/** Checksums of the same bytes are the same everywhere; those of action files were bound when uploaded. */
function isConstant(id: string): boolean {
  return /^0{64}$/.test(id);
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}-/.test(id) || /^[0-9A-F]{16}$/.test(id);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
