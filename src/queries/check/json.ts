import type { Check } from './types.js';

/** The answer for machines, as docs/answers.md describes it. */
export function checkJson({ asked, run, links, results, passed }: Check): Record<string, unknown> {
  return {
    ...{ asked, passed, run, results },
    links: links.map(({ link, kept, state, promotedTo }) => ({
      ...{ ...link, context: link.context ?? null, kept: kept ?? null },
      ...{
        status: state?.status ?? null,
        statusReason: state?.reason ?? null,
        promotedTo: promotedTo ?? null,
      },
    })),
  };
}
