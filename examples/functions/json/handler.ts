import { answering } from '../shared/answering.js';
import { amount } from '../shared/asked.js';
import { customers, roundTrips } from './documents.js';

/** Writes and reads JSON: the `document` that it is sent, or so many records of its own. */
export default answering((event) => {
  const records = amount(event, 'records', { usual: 2_000, least: 1, most: 200_000 });
  const rounds = amount(event, 'rounds', { usual: 5, least: 1, most: 1_000 });
  const seed = amount(event, 'seed', { usual: 1, least: 0, most: 1e9 });
  const { body } = event;
  const isSent = typeof body === 'object' && body !== null && 'document' in body;
  return roundTrips(isSent ? body.document : customers(records, seed), rounds);
});
