// What a service sends is not to be trusted to have any shape: each look goes one step and finds something or nothing.

/** The value under a key, or undefined when there is no such thing. */
export function field(value: unknown, ...keys: readonly string[]): unknown {
  let inner = value;
  for (const key of keys) {
    if (typeof inner !== 'object' || inner === null) return undefined;
    inner = (inner as Readonly<Record<string, unknown>>)[key];
  }
  return inner;
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A figure that can be a power or an energy: finite and not negative. */
export function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Where a reference to another resource leads. */
export function link(value: unknown, ...keys: readonly string[]): string | undefined {
  return text(field(value, ...keys, '@odata.id'));
}
