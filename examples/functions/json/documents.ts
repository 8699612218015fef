import { random } from '../shared/random.js';

const FIRST = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Grace', 'Ole-Johan', 'Radia', 'Zoë'];
const CITIES = ['Århus', 'Berlin', 'Łódź', 'Málaga', 'Paris', 'São Paulo', '東京'];

export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly city: string;
  readonly active: boolean;
  readonly balance: number;
  readonly tags: readonly string[];
  readonly orders: readonly { readonly sku: string; readonly count: number; readonly price: number }[];
}

/** Documents as a shop has them: nested, with texts, numbers and letters of many languages. */
export function customers(count: number, seed: number): Customer[] {
  const next = random(seed);
  const below = (bound: number): number => Math.floor(next() * bound);
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: FIRST[below(FIRST.length)] ?? '',
    city: CITIES[below(CITIES.length)] ?? '',
    active: next() < 0.7,
    balance: Math.round(next() * 1e6) / 100,
    tags: Array.from({ length: below(4) }, () => `tag-${below(50)}`),
    orders: Array.from({ length: 1 + below(4) }, () => ({
      sku: `sku-${below(1e6)}`,
      count: 1 + below(9),
      price: Math.round(next() * 1e4) / 100,
    })),
  }));
}

export interface RoundTrips {
  /** Of the document as text. */
  readonly bytes: number;
  readonly values: number;
  /** Bytes that were written and read. */
  readonly operations: number;
}

/** Writes a document as text and reads it again, so many times. */
export function roundTrips(document: unknown, rounds: number): RoundTrips {
  let [current, bytes] = [document, 0];
  for (let round = 0; round < rounds; round++) {
    const text = JSON.stringify(current);
    bytes = Buffer.byteLength(text);
    current = JSON.parse(text);
  }
  return { bytes, values: countValues(current), operations: 2 * rounds * bytes };
}

/** Numbers, texts, truths and nulls at any depth. */
export function countValues(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 1;
  let count = 0;
  for (const value of Object.values(node)) count += countValues(value);
  return count;
}
