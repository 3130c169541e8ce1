import type { LinkStatus } from './words.js';

/** Whether the data that a link names is still good, and why. */
export interface LinkState {
  readonly status: LinkStatus;
  /** The oldest commit since which it has been so; set where it is superseded or reverted. */
  readonly because?: { readonly repository: string; readonly branch: string; readonly commit: string };
  /** In words, for people. */
  readonly reason: string;
}
