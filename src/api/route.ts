import type { Viewer } from '../server/access.js';

/** A JSON schema, as ajv and OpenAPI 3.1 read it. */
export type Schema = object;

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description: string;
  readonly schema: Schema;
  /** A query parameter that must be given; those of the path always must. */
  readonly required?: true;
}

/** What a route gets; everything has been checked against the schemas. */
export interface ApiCall {
  /** By name, from the path and the query; those that are left out are absent. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One route as data, so that a description of all can be made of them. */
export interface ApiRoute {
  readonly method: 'get' | 'post';
  /** Below `/api/v1`, with parameters as `{name}`. */
  readonly path: string;
  readonly operation: string;
  readonly summary: string;
  /** Who may call it. */
  readonly role: Viewer['role'];
  readonly parameters: readonly ApiParameter[];
  /** Of the body; undefined where there is none. */
  readonly body?: Schema;
  /** By HTTP status. Problems (RFC 9457) are the same everywhere and not listed. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema: Schema }>>;
  /** @throws ApiProblem */
  handle(call: ApiCall): Promise<ApiAnswer>;
}

/** An answer that is a problem; the detail goes to whoever asked. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}
