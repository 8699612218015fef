import { ErrorCode, WattloopError } from '../../base/index.js';

const REQUIRED = ['text', 'number', 'integer', 'boolean', 'date'] as const;
type Required = (typeof REQUIRED)[number];

/** What a cell is made: with `?` a blank one is undefined, without it is refused (`text` takes it as it is). */
export type ColumnType = Required | `${Required}?`;
export const COLUMN_TYPES: readonly ColumnType[] = REQUIRED.flatMap((type) => [type, `${type}?` as const]);

export type Columns = Readonly<Record<string, ColumnType>>;

interface ValueOf {
  readonly text: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly date: Date;
}
type Cell<T extends ColumnType> = T extends `${infer R extends Required}?`
  ? ValueOf[R] | undefined
  : T extends Required
    ? ValueOf[T]
    : never;

/** A row with the columns that were asked for. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: Cell<C[K]> };

const BOOLEANS = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

const converters: { readonly [K in Required]: (text: string) => ValueOf[K] | undefined } = {
  text: (text) => text,
  number: (text) => {
    const value = Number(text);
    return Number.isNaN(value) ? undefined : value;
  },
  integer: (text) => {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : undefined;
  },
  boolean: (text) => BOOLEANS.get(text.trim().toLowerCase()),
  date: (text) => {
    const value = new Date(text);
    return Number.isNaN(value.getTime()) ? undefined : value;
  },
};

/** Makes values of a row's cells. `where` tells, for an error, where the row is. */
export type RowConverter = (
  row: Readonly<Record<string, string>>,
  where: () => string,
) => Record<string, unknown>;

export function rowConverter(columns: Columns): RowConverter {
  const steps = Object.entries(columns).map(([name, type]) => {
    const isOptional = type.endsWith('?');
    const kind = (isOptional ? type.slice(0, -1) : type) as Required;
    return { name, kind, isOptional, convert: converters[kind] };
  });
  return (row, where) => {
    const values: Record<string, unknown> = {};
    for (const { name, kind, isOptional, convert } of steps) {
      const text = row[name] ?? '';
      const isBlank = text.trim() === '';
      if (isBlank && isOptional) {
        values[name] = undefined;
        continue;
      }
      const value = isBlank && kind !== 'text' ? undefined : convert(text);
      if (value === undefined) {
        throw new WattloopError(
          ErrorCode.badInput,
          `${where()}: column "${name}" is ${isBlank ? 'blank' : JSON.stringify(text)}, no ${kind}`,
          {
            remedy: isBlank
              ? `Ask for "${kind}?" where cells may be blank`
              : 'Mend the file, or read the column as "text"',
          },
        );
      }
      values[name] = value;
    }
    return values;
  };
}
