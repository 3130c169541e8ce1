import { LineCounter, parseAllDocuments } from 'yaml';
import { type Action, type Hook, InvalidAction } from './action.js';
import { type EventType, eventTypes } from './event.js';

const hookTypes = ['webhook', 'airflow', 'lua'] as const;

/**
 * Reads an action file by lakeFS's rules: only the first YAML document counts, unknown keys do not matter.
 * @throws InvalidAction with lakeFS's message
 */
export function parseAction(text: string): Action {
  const root = parseYaml(text);
  const name = root.name;
  if (name === undefined || name === null || name === '') throw invalid("'name' is required");
  if (typeof name !== 'string' || !/^\w[\w\-. ]+$/.test(name)) throw invalid("'name' is invalid");
  if (!isRecord(root.on) || Object.keys(root.on).length === 0) throw invalid("'on' is required");
  const on = new Map(Object.entries(root.on).map(([event, filter]) => parseEvent(event, filter)));
  const list: unknown[] = Array.isArray(root.hooks) ? root.hooks : [];
  const hooks = list.map(parseHook);
  const seen = new Set<string>();
  for (const hook of hooks) {
    if (seen.has(hook.id)) throw invalid(`hook[${hooks.indexOf(hook)}] duplicate ID '${hook.id}'`);
    seen.add(hook.id);
  }
  return { name, on, hooks };
}

function parseEvent(event: string, filter: unknown): [EventType, readonly string[]] {
  const type = eventTypes.find((known) => known === event);
  if (type === undefined) throw invalid(`event '${event}' is not supported`);
  const branches = isRecord(filter) && Array.isArray(filter.branches) ? filter.branches.map(String) : [];
  if (type.endsWith('-tag') && branches.length > 0) {
    throw invalid("'branches' is not supported in tag event types");
  }
  return [type, branches];
}

function parseHook(value: unknown, index: number): Hook {
  const hook = isRecord(value) ? value : {};
  const { id } = hook;
  if (typeof id !== 'string' || !/^[_a-zA-Z][-_a-zA-Z0-9]{1,255}$/.test(id)) {
    throw invalid(`hook[${index}] missing ID`);
  }
  const type = hookTypes.find((known) => known === hook.type);
  if (type === undefined) throw invalid(`hook[${index}] type '${String(hook.type ?? '')}' unknown`);
  const properties = isRecord(hook.properties) ? hook.properties : {};
  if (type === 'webhook' && typeof properties.url !== 'string') {
    throw invalid(`hook[${index}] 'url' must be supplied in properties`);
  }
  return { id, type, condition: typeof hook.if === 'string' ? hook.if : '', properties };
}

function parseYaml(text: string): Record<string, unknown> {
  const lineCounter = new LineCounter();
  const document = parseAllDocuments(text, { lineCounter })[0];
  if (document === undefined) return {};
  const [error] = document.errors;
  if (error !== undefined) {
    const lines = text.trimEnd().split('\n').length;
    const line = Math.min(lineCounter.linePos(error.pos[0]).line, lines);
    const unclosed = error.code === 'MISSING_CHAR' || error.code === 'BAD_INDENT';
    throw new InvalidAction(
      `yaml: line ${line}: ${unclosed ? "did not find expected ',' or ']'" : error.message}`,
    );
  }
  const value: unknown = document.toJS();
  return isRecord(value) ? value : {};
}

function invalid(message: string): InvalidAction {
  return new InvalidAction(`${message}: invalid action`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
