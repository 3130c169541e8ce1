/**
 * How a server stands to us. `unknown`: not heard of yet. `down`: no answer, or that of a server in trouble. `refusing`:
 * it, or something in front of it, lets nothing of ours through, which mostly needs a person.
 */
export type ServerCondition = 'unknown' | 'up' | 'down' | 'refusing';

export interface ServerState {
  readonly condition: ServerCondition;
  /** Since when it has been so; this and all other times in Unix ms. */
  readonly since: number;
  readonly lastSuccess?: number;
  readonly lastError?: { readonly at: number; readonly text: string };
  /** When it was last heard of, well or ill. */
  readonly heardAt?: number;
}

export type ServerAnswer =
  | { readonly answers: true }
  | { readonly answers: false; readonly refuses: boolean; readonly text: string };

/** The state after an answer of the server, or none. */
export function afterAnswer(state: ServerState, answer: ServerAnswer, at: number): ServerState {
  const condition: ServerCondition = answer.answers ? 'up' : answer.refuses ? 'refusing' : 'down';
  const since = condition === state.condition ? state.since : at;
  const heard = { ...state, condition, since, heardAt: at };
  return answer.answers ? { ...heard, lastSuccess: at } : { ...heard, lastError: { at, text: answer.text } };
}

/** What a change of condition means for people and for the jobs that wait; undefined where nothing has changed. */
export type Change = 'met' | 'lost' | 'back' | undefined;

export function changeBetween(before: ServerCondition, after: ServerCondition): Change {
  if (before === after) return undefined;
  if (after !== 'up') return 'lost';
  return before === 'unknown' ? 'met' : 'back';
}
