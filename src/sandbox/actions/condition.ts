import { InvalidAction } from './action.js';

/**
 * Evaluates an `if` expression: `success()`, `failure()`, `true`, `false`, `!`, `&&`, `||` and parentheses.
 * @throws InvalidAction for anything else
 */
export function holds(expression: string, succeeded: boolean): boolean {
  const text = expression.trim() === '' ? 'success()' : expression;
  const tokens = text.match(/success\(\)|failure\(\)|true|false|&&|\|\||!|\(|\)|\S/g) ?? [];
  let at = 0;

  function either(): boolean {
    let value = both();
    while (tokens[at] === '||') {
      at++;
      const right = both();
      value = value || right;
    }
    return value;
  }

  function both(): boolean {
    let value = single();
    while (tokens[at] === '&&') {
      at++;
      const right = single();
      value = value && right;
    }
    return value;
  }

  function single(): boolean {
    const token = tokens[at++];
    if (token === '!') return !single();
    if (token === '(') {
      const value = either();
      if (tokens[at++] !== ')') throw refused(expression);
      return value;
    }
    if (token === 'success()') return succeeded;
    if (token === 'failure()') return !succeeded;
    if (token === 'true' || token === 'false') return token === 'true';
    throw refused(expression);
  }

  const value = either();
  if (at < tokens.length) throw refused(expression);
  return value;
}

function refused(expression: string): InvalidAction {
  return new InvalidAction(`cannot evaluate 'if: ${expression}'`);
}
