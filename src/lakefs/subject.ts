/**
 * Names what a request was about in a person's words, from its address: `branch "main" of repository "images"`.
 * Addresses that are about no repository are named by their path.
 */
export function subjectOf(url: string): string {
  if (!URL.canParse(url)) return 'a request';
  const { pathname, searchParams } = new URL(url);
  const [, tail] = pathname.split('/api/v1/', 2);
  const [kind, ...parts] = (tail ?? pathname.slice(1)).split('/').map(decode);
  if (kind !== 'repositories') return `/${[kind, ...parts].join('/')}`;
  const [repository, what, name, action, other] = parts;
  if (repository === undefined) return 'the repositories';
  const of = `repository "${repository}"`;
  const path = searchParams.get('path');
  if (name === undefined) return what === undefined ? of : `the ${what} of ${of}`;
  if (path !== null) return `"${path}" at "${name}" of ${of}`;
  switch (what) {
    case 'branches':
      return `branch "${name}" of ${of}`;
    case 'tags':
      return `tag "${name}" of ${of}`;
    case 'commits':
      return `commit "${name}" of ${of}`;
    case 'refs':
      return other === undefined
        ? `"${name}" of ${of}`
        : `the ${action} of "${name}" and "${other}" of ${of}`;
    default:
      return `${what} ${name} of ${of}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
