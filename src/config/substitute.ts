/**
 * Puts environment variables in place of `${NAME}` in every text of a parsed document. It is done after parsing,
 * so that no character of a secret can change the document. Names that are not set go into `missing`.
 */
export function substitute(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  missing: Set<string>,
): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = env[name];
      if (found !== undefined && found !== '') return found;
      missing.add(name);
      // Fits wherever a text does, so that nothing else complains about the same thing again.
      return `https://missing.invalid/${name}`;
    });
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, env, missing));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, substitute(item, env, missing)]),
    );
  }
  return value;
}
