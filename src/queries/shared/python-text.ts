/** A text as Python writes it, in double quotes; what a terminal would not show as it is, is escaped. */
export function pythonText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
