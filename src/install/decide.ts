import { actionPath, classifyActionFile, pristineOf, unixLines } from './action-file.js';

/** What to do on one branch, given its current file. */
export type Step =
  /** Nothing to do: the branch is as requested. */
  | { readonly kind: 'nothing'; readonly outcome: 'current' | 'absent' }
  | { readonly kind: 'refuse'; readonly reason: string }
  /** One commit. Without `content` it removes the file. */
  | {
      readonly kind: 'commit';
      readonly outcome: 'installed' | 'updated' | 'removed';
      readonly message: string;
      readonly content?: string;
    };

/** `content` is the file at the branch's head commit; undefined if there is none. */
export type Decide = (content: string | undefined) => Step;

/**
 * Puts `wanted` on the branch, unless the file there is somebody else's, or ours with changes that a person made;
 * `force` overwrites the latter.
 */
export function decideInstall(wanted: string, { force = false }: { readonly force?: boolean } = {}): Decide {
  return (content) => {
    switch (classifyActionFile(content, wanted)) {
      case 'absent':
        return {
          kind: 'commit',
          outcome: 'installed',
          message: 'Add the lakefs-mlflow action',
          content: wanted,
        };
      case 'older':
        return update(wanted);
      case 'edited':
        return force ? update(wanted) : { kind: 'refuse', reason: edited(content ?? '', wanted, 'replaces') };
      case 'current':
        return { kind: 'nothing', outcome: 'current' };
      case 'foreign':
        return { kind: 'refuse', reason: foreign('overwrite') };
    }
  };
}

/**
 * Removes our file from the branch, whatever its address or release, unless a person has edited it: then only with
 * `force`.
 */
export function decideUninstall({ force = false }: { readonly force?: boolean } = {}): Decide {
  return (content) => {
    switch (classifyActionFile(content, '')) {
      case 'absent':
        return { kind: 'nothing', outcome: 'absent' };
      case 'edited':
        if (!force)
          return { kind: 'refuse', reason: edited(content ?? '', pristineOf(content ?? ''), 'removes') };
        return removal;
      case 'older':
      case 'current':
        return removal;
      case 'foreign':
        return { kind: 'refuse', reason: foreign('remove') };
    }
  };
}

const removal: Step = { kind: 'commit', outcome: 'removed', message: 'Remove the lakefs-mlflow action' };

function update(content: string): Step {
  return { kind: 'commit', outcome: 'updated', message: 'Update the lakefs-mlflow action', content };
}

/** @param verb what `--force` does to the file */
function edited(theirs: string, wanted: string, verb: 'replaces' | 'removes'): string {
  return (
    `${actionPath} was edited by hand, or written by a later release, so it is left as it is. --force ${verb} it. ` +
    `The difference (+ on the branch, - as this release writes it):\n${differenceOf(theirs, wanted)}`
  );
}

function foreign(verb: string): string {
  return (
    `${actionPath} was not written by lakefs-mlflow (its first line does not say so), so this command will not ` +
    `${verb} it: rename or remove it yourself, then run this again`
  );
}

/** How many lines of each file are shown. */
const shown = 10;

/**
 * The lines that only one of two files has, as `+ theirs` and `- ours`, in the order of the files. Moved lines do not
 * count: it is for a person who asks what was changed.
 */
function differenceOf(theirs: string, ours: string): string {
  return [...only(theirs, ours, '+'), ...only(ours, theirs, '-')].join('\n');
}

function only(one: string, other: string, sign: '+' | '-'): string[] {
  const known = new Set(linesOf(other));
  const lines = linesOf(one).filter((line) => line !== '' && !known.has(line));
  const more = lines.length > shown ? [`${sign} … and ${lines.length - shown} more lines`] : [];
  return [...lines.slice(0, shown).map((line) => `${sign} ${line.slice(0, 200)}`), ...more];
}

function linesOf(text: string): string[] {
  return unixLines(text)
    .split('\n')
    .map((line) => line.trimEnd());
}
