import { cut } from '../domain/common/text.js';

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

/** Template tag: everything put in is escaped, unless it is HTML that this tag made. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.reduce((page, text, i) => page + render(parts[i - 1] ?? '') + text) };
}

function render(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map(({ html: inner }) => inner).join('');
}

/** UTF-16 units of what is put into a page. */
const maxText = 50_000;

function escapeHtml(text: string): string {
  return cut(text, maxText)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
