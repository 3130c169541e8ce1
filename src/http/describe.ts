import { cut, toLine } from '../domain/common/text.js';
import { answerTooLarge } from './classify.js';
import type { HttpFailureFacts } from './facts.js';
import { serverWords } from './server-words.js';
import { serverSettings, tlsTrouble } from './tls-trouble.js';

/** One line: what happened, to what request, and what to do where that can be known. */
export function describe(facts: HttpFailureFacts): string {
  const trouble = tlsTrouble(facts);
  if (trouble !== undefined) return trouble;
  const what = `${facts.method} ${facts.url}`;
  if (facts.status === undefined) return withoutAnswer(facts, what);
  if (facts.status < 400) return withoutJson(facts, what);
  return `${facts.name} answered ${facts.status} to ${what}${textOf(facts)}`;
}

function withoutAnswer(facts: HttpFailureFacts, what: string): string {
  const { name, code } = facts;
  if (code === 'ETIMEDOUT' && facts.timeoutMs !== undefined) {
    return `${name} did not answer ${what} within ${facts.timeoutMs} ms`;
  }
  if (code === answerTooLarge) return `${name}'s answer to ${what} is too large`;
  const reason = code ?? facts.reason ?? 'no answer';
  return `${name} cannot be reached (${reason}) for ${what}: check the address and that ${name} runs`;
}

/** A 2xx or 3xx that no API gives: mostly something in front of the server asks a person to log in. */
function withoutJson({ name, status = 0, headers, body = '' }: HttpFailureFacts, what: string): string {
  const start = `${name} answered ${status} to ${what} with`;
  const advice = `let this service reach ${name} without a login page, and check ${serverSettings[name].address}`;
  if (status >= 300) {
    return `${start} a redirect${hostOf(headers?.location)}, often the way to a login page; redirects are not followed: ${advice}`;
  }
  const isPage = /html/i.test(headers?.['content-type'] ?? '') || body.trimStart().startsWith('<');
  if (isPage) {
    return `${start} an HTML page${titleOf(body)} instead of JSON, probably the login page of something in front of ${name}: ${advice}`;
  }
  return `${start} something that is not JSON: check that ${serverSettings[name].address} is the address of ${name} itself`;
}

/** Nothing but the host: the rest of such an address may hold what lets people in. */
function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

/** UTF-16 units of a page in which its title is looked for. */
const maxHead = 2_000;

function titleOf(page: string): string {
  const [, found = ''] = /<title>([^<]{1,200})/i.exec(cut(page, maxHead)) ?? [];
  const title = toLine(found, 80);
  return title === '' ? '' : ` ("${title}")`;
}

/** Code points of a server's own words. */
const maxText = 300;
/** UTF-16 units of a page in which they are looked for. */
const maxPage = 10_000;

function textOf({ json, body }: HttpFailureFacts): string {
  const words = serverWords(json) ?? cut(body ?? '', maxPage).replace(/<[^<>]*>/g, ' ');
  const line = toLine(words, maxText);
  return line === '' ? '' : `: ${line}`;
}
