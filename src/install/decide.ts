import { actionPath, classify } from './action-file.js';

/** What is to be done on one branch, given the file that it has now. */
export type Step =
  /** Nothing to do: the branch is as asked for. */
  | { readonly kind: 'nothing'; readonly outcome: 'current' | 'absent' }
  | { readonly kind: 'refuse'; readonly reason: string }
  /** One commit. Without `content` the file is taken out. */
  | {
      readonly kind: 'commit';
      readonly outcome: 'installed' | 'updated' | 'removed';
      readonly message: string;
      readonly content?: string;
    };

/** `content` is the file at the branch's head commit, undefined where it has none. */
export type Decide = (content: string | undefined) => Step;

/** Puts `wanted` on the branch, unless the file there is somebody else's. */
export function decideInstall(wanted: string): Decide {
  return (content) => {
    switch (classify(content, wanted)) {
      case 'absent':
        return {
          kind: 'commit',
          outcome: 'installed',
          message: 'Add the lakefs-mlflow action',
          content: wanted,
        };
      case 'older':
        return {
          kind: 'commit',
          outcome: 'updated',
          message: 'Update the lakefs-mlflow action',
          content: wanted,
        };
      case 'current':
        return { kind: 'nothing', outcome: 'current' };
      case 'foreign':
        return { kind: 'refuse', reason: foreign('overwrite') };
    }
  };
}

/** Takes our file out of the branch, whatever address or release it is of. */
export function decideUninstall(): Decide {
  return (content) => {
    switch (classify(content, '')) {
      case 'absent':
        return { kind: 'nothing', outcome: 'absent' };
      case 'older':
      case 'current':
        return { kind: 'commit', outcome: 'removed', message: 'Remove the lakefs-mlflow action' };
      case 'foreign':
        return { kind: 'refuse', reason: foreign('remove') };
    }
  };
}

function foreign(verb: string): string {
  return (
    `${actionPath} was not written by lakefs-mlflow (its first line does not say so), so we do not ${verb} ` +
    'it: move it to another name, or remove it yourself, then run this again'
  );
}
