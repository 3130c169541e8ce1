/** A JSON schema, as ajv and OpenAPI 3.1 read it. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const number: Schema = { type: 'number' };
export const count: Schema = { type: 'integer', minimum: 0 };
/** ISO 8601 in UTC, or null where there is none. */
export const time: Schema = {
  type: ['string', 'null'],
  description: 'ISO 8601 in UTC; null where there is none',
};
export const textOrNull: Schema = { type: ['string', 'null'] };

export function describe(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

/** An answer's object: all fields are there, and later releases may add others. */
export function answer(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

export function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}
