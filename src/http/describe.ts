import { cut, toLine } from '../domain/text.js';
import { answerTooLarge } from './classify.js';
import type { HttpFailureFacts } from './facts.js';
import { tlsTrouble } from './tls-trouble.js';

/** One line: what happened, to what request, and what to do where that can be known. */
export function describe(facts: HttpFailureFacts): string {
  const trouble = tlsTrouble(facts);
  if (trouble !== undefined) return trouble;
  const what = `${facts.method} ${facts.url}`;
  if (facts.status === undefined) return withoutAnswer(facts, what);
  if (facts.status >= 300 && facts.status < 400) {
    return `${facts.name} answered ${facts.status}, a redirect, to ${what}: redirects are not followed, check the address`;
  }
  if (facts.status < 300) {
    return `${facts.name} answered ${facts.status} to ${what} with something that is not JSON: check that the address is that of ${facts.name} itself`;
  }
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

/** Code points of a server's own words. */
const maxText = 300;
/** UTF-16 units of a page in which they are looked for. */
const maxPage = 10_000;

function textOf({ json, body }: HttpFailureFacts): string {
  const message =
    typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string'
      ? json.message
      : cut(body ?? '', maxPage).replace(/<[^<>]*>/g, ' ');
  const line = toLine(message, maxText);
  return line === '' ? '' : `: ${line}`;
}
