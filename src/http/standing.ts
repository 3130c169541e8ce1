/** Tracks whether a server answers at all. One for each server, shared by all its clients. */
export interface Standing {
  /** To be called when the server itself has answered a request that was sent at this time (Unix ms). */
  answered(sentAt: number): void;
  /**
   * Whether the server answers other requests, where one that was sent at `since` (Unix ms) has just failed. Free where
   * another request shows it; otherwise it asks one cheap question: never two at a time, and at most one a second during
   * an outage. Never rejects.
   */
  answers(since: number): Promise<boolean>;
}

/** What was learned about the server. */
export type Sign = { readonly answers: true } | { readonly answers: false; readonly error: unknown };

export interface StandingOptions {
  /** A cheap request that succeeds only with the right address, the right keys and a Host that the server accepts. */
  readonly ask: () => Promise<unknown>;
  /** Unix ms. */
  readonly now: () => number;
  readonly onSign: (sign: Sign) => void;
}

/** How old an answer may be, in ms, to count as current. */
const freshMs = 1_000;

export function createStanding({ ask, now, onSign }: StandingOptions): Standing {
  /** When the latest answered request was sent, and when the latest answer came. */
  let sentLast = Number.NEGATIVE_INFINITY;
  let cameLast = Number.NEGATIVE_INFINITY;
  /** When the latest unanswered question was sent. */
  let silentSince = Number.NEGATIVE_INFINITY;
  let asking: Promise<boolean> | undefined;

  function answered(sentAt: number): void {
    sentLast = Math.max(sentLast, sentAt);
    cameLast = now();
    onSign({ answers: true });
  }

  async function question(): Promise<boolean> {
    const sentAt = now();
    try {
      await ask();
      answered(sentAt);
      return true;
    } catch (error) {
      // A busy server may miss the question and still answer other requests.
      if (cameLast > sentAt) return true;
      silentSince = sentAt;
      onSign({ answers: false, error });
      return false;
    } finally {
      asking = undefined;
    }
  }

  return {
    answered,
    answers: async (since) => {
      if (asking !== undefined) return asking;
      // An answer from before the fault says nothing about it, however recent it is.
      if (sentLast > since && sentLast >= now() - freshMs) return true;
      if (silentSince >= now() - freshMs) return false;
      asking = question();
      return asking;
    },
  };
}
