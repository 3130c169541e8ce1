/** Whether a server as a whole answers us; shared by all who talk to it. */
export interface Standing {
  /** The server itself answered a request that was sent at this time (Unix ms). */
  answered(sentAt: number): void;
  /**
   * Whether it answers others than a request that was sent at `since` (Unix ms) and has failed now. Costs nothing where
   * another request shows it; else a small question, never more than one at a time, and in an outage at most one a second.
   * Never rejects.
   */
  answers(since: number): Promise<boolean>;
}

/** What was learned of the server. */
export type Sign = { readonly answers: true } | { readonly answers: false; readonly error: unknown };

export interface StandingOptions {
  /** A cheap question that needs the right address, the right keys and a Host that the server accepts. */
  readonly ask: () => Promise<unknown>;
  /** Unix ms. */
  readonly now: () => number;
  readonly told: (sign: Sign) => void;
}

/** How old an answer may be, in ms, to be one of now. */
const freshMs = 1_000;

export function createStanding({ ask, now, told }: StandingOptions): Standing {
  /** When the last request was sent that was answered, and when the last answer came. */
  let sentLast = Number.NEGATIVE_INFINITY;
  let cameLast = Number.NEGATIVE_INFINITY;
  /** When the last question was sent that was not answered. */
  let silentSince = Number.NEGATIVE_INFINITY;
  let asking: Promise<boolean> | undefined;

  function answered(sentAt: number): void {
    sentLast = Math.max(sentLast, sentAt);
    cameLast = now();
    told({ answers: true });
  }

  async function question(): Promise<boolean> {
    const sentAt = now();
    try {
      await ask();
      answered(sentAt);
      return true;
    } catch (error) {
      // A busy server may be too slow for the question, and yet answer others.
      if (cameLast > sentAt) return true;
      silentSince = sentAt;
      told({ answers: false, error });
      return false;
    } finally {
      asking = undefined;
    }
  }

  return {
    answered,
    answers: async (since) => {
      if (asking !== undefined) return asking;
      // What was answered before a fault began says nothing of it, however short a time ago that was.
      if (sentLast > since && sentLast >= now() - freshMs) return true;
      if (silentSince >= now() - freshMs) return false;
      asking = question();
      return asking;
    },
  };
}
