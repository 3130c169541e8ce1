/** How many experiments one search of an MLflow server may name, and which of them it refuses to search. */
export interface SearchScope {
  /** Experiments that one search may name. */
  width(): number;
  /** The server refused more and has now answered a search of so many. */
  narrow(width: number): void;
  /** MLflow would not search this experiment. Remembered for a minute: finding it took several requests. */
  refuse(experiment: string, error: unknown): void;
  /** The error for an experiment that was refused within the last minute; undefined for any other. */
  refusal(experiment: string): { readonly error: unknown } | undefined;
}

/** Some hundred are fine for MLflow itself. Databricks takes 100 (mlflow#13590). */
const maxWidth = 500;

const keepMs = 60_000;

/** @param now Unix ms */
export function createSearchScope(now: () => number = Date.now): SearchScope {
  let most = maxWidth;
  const refused = new Map<string, { readonly error: unknown; readonly at: number }>();
  return {
    width: () => most,
    narrow: (width) => {
      most = Math.min(most, Math.max(1, width));
    },
    refuse: (experiment, error) => {
      for (const [id, { at }] of refused) if (now() - at >= keepMs) refused.delete(id);
      refused.set(experiment, { error, at: now() });
    },
    refusal: (experiment) => {
      const found = refused.get(experiment);
      return found !== undefined && now() - found.at < keepMs ? found : undefined;
    },
  };
}
