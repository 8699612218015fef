// Writes passengers.csv: node write-passengers.js [FILE]
//
// Who was on board is known as a table of counts: the British Board of Trade's inquiry of 1912, as it comes with R as "Titanic"
// (R. J. MacG. Dawson, "The 'Unusual Episode' Data Revisited", Journal of Statistics Education 3, 1995). Here it is written
// out, a line a person.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CLASSES = ['1st', '2nd', '3rd', 'crew'];

/** @type {[survived: string, age: string, sex: string, byClass: number[]][]} */
const COUNTS = [
  ['no', 'child', 'male', [0, 0, 35, 0]],
  ['no', 'child', 'female', [0, 0, 17, 0]],
  ['no', 'adult', 'male', [118, 154, 387, 670]],
  ['no', 'adult', 'female', [4, 13, 89, 3]],
  ['yes', 'child', 'male', [5, 11, 13, 0]],
  ['yes', 'child', 'female', [1, 13, 14, 0]],
  ['yes', 'adult', 'male', [57, 14, 75, 192]],
  ['yes', 'adult', 'female', [140, 80, 76, 20]],
];

const rows = COUNTS.flatMap(([survived, age, sex, byClass]) =>
  CLASSES.flatMap((name, index) => Array(byClass[index]).fill(`${name},${sex},${age},${survived}`)),
);
const file = process.argv[2] ?? join(import.meta.dirname, 'passengers.csv');
writeFileSync(file, `class,sex,age,survived\n${rows.join('\n')}\n`);
