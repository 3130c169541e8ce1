/** A text for people in parts, so that whoever shows it decides about width, indent and colour. */
export type Block =
  | { readonly kind: 'title'; readonly text: string }
  /** A paragraph; may be wrapped. */
  | { readonly kind: 'text'; readonly text: string }
  /** A row of a small table; `mark` is said first and stands out. */
  | { readonly kind: 'field'; readonly label: string; readonly text: string; readonly mark?: Mark }
  /** Lines to copy; never wrapped. */
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'gap' };

export interface Mark {
  readonly text: string;
  readonly tone: 'good' | 'doubt';
}

export const gap: Block = { kind: 'gap' };

export function title(text: string): Block {
  return { kind: 'title', text };
}

export function text(value: string): Block {
  return { kind: 'text', text: value };
}

export function field(label: string, value: string, mark?: Mark): Block {
  return mark === undefined
    ? { kind: 'field', label, text: value }
    : { kind: 'field', label, text: value, mark };
}

export function code(lines: readonly string[]): Block {
  return { kind: 'code', lines };
}
