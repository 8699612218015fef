import type { Column, Dataset } from './dataset.js';
import { FIELDS, type Field, LEVELS, type Passenger } from './passenger.js';

interface Question extends Column {
  readonly holds: (passenger: Passenger) => boolean;
}

const questionsOf = (field: Field): Question[] =>
  LEVELS[field].map((level) => ({
    name: `${field}=${level}`,
    levels: LEVELS[field].length,
    holds: (passenger) => passenger[field] === level,
  }));

/** "A woman of the third class": what two fields say together, which a linear model can't know from each alone. */
const crossed = (first: readonly Question[], second: readonly Question[]): Question[] =>
  first.flatMap((a) =>
    second.map((b) => ({
      name: `${a.name} & ${b.name}`,
      levels: a.levels * b.levels,
      holds: (passenger) => a.holds(passenger) && b.holds(passenger),
    })),
  );

/** Every field as one column for each of its levels, and every two fields as one for each pair of levels. */
export function featuresOf(passengers: readonly Passenger[]): Dataset {
  const fields = FIELDS.map(questionsOf);
  const pairs = fields.flatMap((first, index) =>
    fields.slice(index + 1).flatMap((second) => crossed(first, second)),
  );
  const questions = [...fields.flat(), ...pairs];
  return {
    columns: questions.map(({ name, levels }) => ({ name, levels })),
    rows: passengers.length,
    values: Uint8Array.from(passengers.flatMap((one) => questions.map(({ holds }) => Number(holds(one))))),
    labels: Uint8Array.from(passengers, ({ survived }) => Number(survived)),
  };
}
