/** What has to be looked up before a link's evidence can be decided. */
export type Question =
  /** Are the bytes under the path equal at both commits? */
  | {
      readonly kind: 'equal';
      readonly installation: string;
      readonly repository: string;
      readonly commits: readonly [string, string];
      readonly path: string;
    }
  /** Are the bytes under the path the same at every commit that held the path until the run's end? */
  | {
      readonly kind: 'unchanged';
      readonly installation: string;
      readonly repository: string;
      readonly commit: string;
      readonly path: string;
    }
  /** Was this run the only one that can have logged the dataset first? */
  | { readonly kind: 'sole'; readonly name: string; readonly digest: string }
  /** Does the commit hold an object at the path? */
  | {
      readonly kind: 'holds';
      readonly installation: string;
      readonly repository: string;
      readonly commit: string;
      readonly path: string;
    };

/** What was found out, by `questionKey`. */
export type Answers = ReadonlyMap<string, boolean>;

/** Undefined where it is not known yet; the question is then noted. */
export type Ask = (question: Question) => boolean | undefined;

export function questionKey(question: Question): string {
  return JSON.stringify(question);
}
