import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/** Every Markdown page of the repository, by its path; new ones count before they are committed. */
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((path) => existsSync(join(root, path)));

/** Prose alone: a link in code is an example. */
function proseOf(text: string): string {
  return text
    .replace(/^```[^\n]*\n[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]]/g, '.'));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replace(/^```[^\n]*\n[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    const earlier = seen.get(anchor) ?? 0;
    seen.set(anchor, earlier + 1);
    anchors.add(earlier === 0 ? anchor : `${anchor}-${earlier}`);
  }
  return anchors;
}

/** What is wrong with the relative links of a page. */
function brokenLinks(path: string, text: string): string[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/i.test(link)) return [];
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : relative('/', join('/', dirname(path), file));
    if (target !== path && !existsSync(join(root, target))) return [`${path}: ${link} leads to no file`];
    if (anchor === undefined || !target.endsWith('.md')) return [];
    const there = target === path ? text : readFileSync(join(root, target), 'utf8');
    return anchorsOf(there).has(anchor) ? [] : [`${path}: ${link} leads to no heading`];
  });
}

test.each(pages)('the links in %s lead to files and headings that exist', (path) => {
  expect(brokenLinks(path, readFileSync(join(root, path), 'utf8'))).toEqual([]);
});

test('a link to a missing file or heading is found, one in code is not', () => {
  const text =
    '# A `b`: c\n[x](#a-b-c) [y](#nowhere) [z](missing.md) `[w](gone.md)`\n```\n[v](gone.md)\n```\n';
  expect(brokenLinks('page.md', text)).toEqual([
    'page.md: #nowhere leads to no heading',
    'page.md: missing.md leads to no file',
  ]);
});

test('the glossary is sorted and explains each word once', () => {
  const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
  const own = glossary.slice(glossary.indexOf('\n## lakefs-mlflow'));
  const words = [...own.matchAll(/^\| (.+?) +\|/gm)]
    .map(([, word = '']) => word)
    .slice(1)
    .filter((word) => !/^-+$/.test(word));
  expect(words.length).toBeGreaterThan(20);
  expect(words).toEqual([...new Set(words)].sort((a, b) => a.localeCompare(b, 'en')));
});
