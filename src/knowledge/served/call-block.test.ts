import { describe, expect, it } from 'vitest';
import { CallColumns } from '../../model/index.js';
import { exampleCall } from '../testing/example-call.js';
import { packCalls, unpackCalls } from './call-block.js';

describe('a block of calls', () => {
  it('names only what its own calls have, however much it is cut from', () => {
    const many = Array.from({ length: 500 }, (_, number) => exampleCall(number, { replica: `r-${number}` }));
    const { about, bytes } = packCalls(CallColumns.of(many).slice(400, 403));
    expect(JSON.parse(about).origins.map(({ replica }: { replica: string }) => replica)).toEqual([
      'r-400',
      'r-401',
      'r-402',
    ]);
    const { calls } = unpackCalls(about, Uint8Array.from(bytes).buffer, 3);
    expect([...calls]).toEqual(many.slice(400, 403));
  });
});
