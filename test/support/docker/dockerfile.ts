/** One instruction of a Dockerfile, with its continuation lines joined: `{ name: 'RUN', text: 'npm ci' }`. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The stages of a Dockerfile in order; the first instruction of each is its FROM. */
export function parseDockerfile(contents: string): Instruction[][] {
  const lines = contents
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const found = /^([A-Z]+)\s+(.+)$/.exec(line.trim());
    if (found === null) throw new Error(`no instruction: ${line}`);
    const [, name = '', text = ''] = found;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, text });
  }
  return stages;
}

/** The last instruction of that name in a stage; it is the one that counts. */
export function lastOf(stage: readonly Instruction[], name: string): string {
  const found = stage.findLast((instruction) => instruction.name === name);
  if (found === undefined) throw new Error(`the stage has no ${name}`);
  return found.text;
}

/** Reads the JSON form of ENTRYPOINT, CMD and a HEALTHCHECK's CMD. */
export function execForm(text: string): string[] {
  const list: unknown = JSON.parse(text.slice(text.indexOf('[')));
  if (Array.isArray(list) && list.every((part) => typeof part === 'string')) return list;
  throw new Error(`not the JSON form: ${text}`);
}
