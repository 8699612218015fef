import type { ServedCall } from '../../../model/index.js';
import type { CountedCalls, FeedSink } from '../feeds/feed.js';

/** Writes down what a feed tells. */
export class ToldSink implements FeedSink {
  readonly begun: (readonly [id: string, name: string, at: number])[] = [];
  readonly calls: ServedCall[] = [];
  readonly lost: string[] = [];
  readonly sums: CountedCalls[] = [];

  began(id: string, functionName: string, at: number): void {
    this.begun.push([id, functionName, at]);
  }

  ended(call: ServedCall): void {
    this.calls.push(call);
  }

  left(id: string): void {
    this.lost.push(id);
  }

  counted(calls: CountedCalls): void {
    this.sums.push(calls);
  }
}
