import { flags as known } from '../../domain/links/readings.js';
import { becauseText } from '../../domain/status/link-state.js';
import { commitJson } from '../shared/commit-place.js';
import { certainty, explainEvidence } from '../shared/evidence.js';
import { iso } from '../shared/iso.js';
import { runLines, scriptLines } from '../shared/script-lines.js';
import type { LookedAt, ModelFacts } from '../shared/types.js';
import { addressOf, unsureLink } from './advice.js';
import type { FoundLink, Lineage } from './types.js';

/** The answer for machines, as docs/lineage.md describes it. Fields may be added, none changes its meaning. */
export function lineageJson(lineage: Lineage, code?: string): Record<string, unknown> {
  const { model, run, notes, links, references, made, catalog, hint } = lineage;
  const unknown = catalog === undefined && links.length === 0;
  const unsure = unsureLink(links);
  return {
    kind: catalog === undefined ? 'run' : 'catalog',
    known: !unknown,
    ...(model === undefined ? {} : { model: modelJson(model) }),
    run: { ...run, startTime: iso(run.startTime), endTime: iso(run.endTime) },
    notes,
    links: links.map(linkJson),
    references: references.map(referenceJson),
    made: {
      versions: made.versions.map(({ name, version, aliases, page }) => ({ name, version, aliases, page })),
      loggedModels: made.loggedModels,
      produced: made.produced,
    },
    ...(catalog === undefined
      ? {}
      : {
          catalog: {
            ...commitJson(catalog.place),
            candidates: catalog.candidates,
            consumers: catalog.consumers ?? null,
            double: catalog.double,
          },
        }),
    ...(unknown ? { mend: { script: scriptLines(hint), run: runLines(run.id, hint) } } : {}),
    ...(unsure === undefined ? {} : { mend: { script: scriptLines(addressOf(unsure)), run: [] } }),
    ...(code === undefined ? {} : { code }),
  };
}

function modelJson({ asked, version, aliases, loggedModel, page }: ModelFacts): Record<string, unknown> {
  return {
    asked,
    name: version?.name ?? null,
    version: version?.version ?? null,
    aliases,
    loggedModel: loggedModel ?? null,
    page: page ?? null,
  };
}

function linkJson({ link, place, kept, state, sameAs }: FoundLink): Record<string, unknown> {
  const { path, ref, where, name, context, kind, certain } = link;
  const flags = state.rewritten === true ? [...link.flags, known.rewritten] : link.flags;
  return {
    ...commitJson(place),
    installation: link.installation,
    ...{ path, ref, where, name, context: context ?? null, kind, certain, flags },
    explanation: `${certainty(link)}: ${explainEvidence(link)}`,
    kept: kept ?? null,
    status: state.status,
    because: state.because === undefined ? null : becauseText(state.because),
    statusReason: state.reason,
    sameAs,
  };
}

function referenceJson({
  where,
  name,
  context,
  text,
  address,
  run,
  verdict,
}: LookedAt): Record<string, unknown> {
  return {
    ...{ where, name, context: context ?? null, run: run ?? null, text },
    ...{ repository: address?.repository ?? null, ref: address?.ref ?? null, path: address?.path ?? null },
    verdict: verdict.kind,
    commit: verdict.kind === 'commit' ? verdict.commit : null,
    installation: verdict.kind === 'commit' ? verdict.installation : null,
    reason: verdict.kind === 'none' ? verdict.reason : null,
  };
}
