/** More alternatives than anybody writes by hand. */
const maxPatterns = 100;

/**
 * `a.{csv,tsv}` → `a.csv`, `a.tsv`: fsspec's `glob` knows no braces. As it is where there are more than 100, or a brace in
 * another.
 */
export function withoutBraces(pattern: string): readonly string[] {
  let patterns: readonly string[] = [''];
  for (const part of pattern.split(/(\{[^{}]*\})/)) {
    const choices = part.startsWith('{') && part.endsWith('}') ? part.slice(1, -1).split(',') : [part];
    if (patterns.length * choices.length > maxPatterns) return [pattern];
    patterns = patterns.flatMap((start) => choices.map((choice) => start + choice));
  }
  return patterns.some((one) => /[{}]/.test(one)) ? [pattern] : patterns;
}
