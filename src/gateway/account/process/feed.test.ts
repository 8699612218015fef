import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_STATUSES, type ServedCall } from '../../../model/index.js';
import { readEvents, SEPARATOR } from './call-codec.js';
import { FeedWriter } from './feed-writer.js';
import { RunningCalls } from './running-calls.js';

const time = fc.double({ min: 0, max: 2e9, noNaN: true });
// No header holds it.
const id = fc.string().filter((text) => !text.includes(SEPARATOR));
const size = fc.integer({ min: 0, max: 2 ** 40 });
const anyCall: fc.Arbitrary<ServedCall> = fc.record(
  {
    id,
    function: fc.constantFrom('a', 'b', 'ü"\n'),
    version: fc.constantFrom('v1', 'v2'),
    replica: fc.string({ maxLength: 3 }),
    attempt: fc.integer({ min: 1, max: 9 }),
    isAsync: fc.boolean(),
    arrivedAt: time,
    startedAt: time,
    endedAt: time,
    cold: fc.boolean(),
    coldSeconds: time,
    status: fc.constantFrom(...CALL_STATUSES),
    httpStatus: fc.integer({ min: 100, max: 599 }),
    cpuSeconds: time,
    requestBytes: size,
    responseBytes: size,
    traceId: id,
  },
  {
    requiredKeys: [
      'id',
      'function',
      'version',
      'replica',
      'attempt',
      'isAsync',
      'arrivedAt',
      'startedAt',
      'endedAt',
      'cold',
      'status',
      'requestBytes',
      'responseBytes',
    ],
  },
);

type Event = readonly ['began', number, string, number] | readonly ['ended', number, ServedCall];
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(fc.constant('began' as const), fc.nat(), fc.constantFrom('a', 'b'), time),
  fc.tuple(fc.constant('ended' as const), fc.nat(), anyCall),
);

describe('the feed of calls', () => {
  it('arrives as it was sent, batch after batch', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyEvent, { maxLength: 20 }), { maxLength: 4 }), (batches) => {
        const writer = new FeedWriter();
        const arrived: Event[] = [];
        for (const batch of batches) {
          for (const event of batch) {
            if (event[0] === 'began') writer.began(event[1], event[2], event[3]);
            else writer.ended(event[1], event[2]);
          }
          const { events, ...sent } = writer.take();
          expect(events).toBe(batch.length);
          const { numbers, shared, own } = deserialize(serialize(sent)) as typeof sent;
          readEvents(numbers, shared, own, {
            began: (...rest) => void arrived.push(['began', ...rest]),
            ended: (...rest) => void arrived.push(['ended', ...rest]),
          });
        }
        expect(arrived).toEqual(batches.flat());
      }),
    );
  });

  it('is full when it is to be sent, and takes what comes meanwhile', () => {
    const writer = new FeedWriter();
    const [call] = fc.sample(anyCall, 1);
    if (call === undefined) throw new Error('no call');
    let events = 0;
    for (; !writer.isFull; events++) writer.ended(events, call);
    for (let more = 0; more < 20_000; more++, events++) writer.began(events, 'a', more);
    const { numbers, shared, own } = writer.take();
    let read = 0;
    const count = (): void => void read++;
    readEvents(numbers, shared, own, { began: count, ended: count });
    expect(read).toBe(events);
    expect(writer.isEmpty).toBe(true);
    expect(writer.isFull).toBe(false);
  });
});

describe('the calls that run', () => {
  it('are those that began and have not ended, however many come and go', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.boolean()), { maxLength: 900 }),
        (events) => {
          const running = new RunningCalls();
          const known = new Map<number, string>();
          for (const [at, [key, begins]] of events.entries()) {
            if (begins) {
              running.add(key, `f${at}`, at);
              known.set(key, `f${at}`);
            } else {
              running.delete(key);
              known.delete(key);
            }
          }
          expect(running.size).toBe(known.size);
          expect(running.untold).toBe(known.size);
          const told: number[] = [];
          for (const _ of ['once', 'and not again']) running.tell((key) => void told.push(key));
          expect(told.sort()).toEqual([...known.keys()].sort());
          expect(new Map(running.list().map(([key, name]) => [key, name]))).toEqual(known);
          for (const [, name, startedAt] of running.list()) expect(name).toBe(`f${startedAt}`);
        },
      ),
    );
  });
});
