/** What there is to know of a person on board, and what it may be. */
export const LEVELS = {
  class: ['1st', '2nd', '3rd', 'crew'],
  sex: ['male', 'female'],
  age: ['child', 'adult'],
} as const;

export type Field = keyof typeof LEVELS;
export const FIELDS: readonly Field[] = ['class', 'sex', 'age'];

export type Passenger = { readonly [F in Field]: (typeof LEVELS)[F][number] } & {
  readonly survived: boolean;
};

/** A row of the file: texts, as somebody typed them. */
export type Row = { readonly [F in Field]: string } & { readonly survived: boolean };

function level<F extends Field>(field: F, text: string): (typeof LEVELS)[F][number] {
  const levels: readonly (typeof LEVELS)[F][number][] = LEVELS[field];
  const found = levels.find((name) => name === text.trim().toLowerCase());
  if (found === undefined) throw new Error(`${field} is "${text}", none of ${levels.join(', ')}`);
  return found;
}

export const passengerOf = (row: Row): Passenger => ({
  class: level('class', row.class),
  sex: level('sex', row.sex),
  age: level('age', row.age),
  survived: row.survived,
});
