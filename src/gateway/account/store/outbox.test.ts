import { describe, expect, it } from 'vitest';
import { ErrorCode, silentLogger, WattloopError } from '../../../base/index.js';
import { Outbox } from './outbox.js';

function outbox(most = 100) {
  const written: number[][] = [];
  const said: string[] = [];
  const state = { failure: undefined as Error | undefined, refused: new Set<number>() };
  const note = (text: string): number => said.push(text);
  const box = new Outbox<readonly number[]>({
    name: 'numbers',
    most,
    chunk: 10,
    log: { ...silentLogger, error: note, info: note },
    write: (items) => {
      if (state.failure) throw state.failure;
      if (items.some((item) => state.refused.has(item))) throw new WattloopError(ErrorCode.badInput, 'odd');
      written.push([...items]);
    },
  });
  return { box, written, said, state };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is to be written', () => {
  it('is written piece by piece, in order, beside everything else', async () => {
    const { box, written } = outbox();
    box.add(upTo(25));
    expect(written).toEqual([]);
    await turn();
    expect(written).toHaveLength(1);
    while (written.length < 3) await turn();
    expect(written.flat()).toEqual(upTo(25));
    expect(written.map(({ length }) => length)).toEqual([10, 10, 5]);
  });

  it('is written at once when asked, all of it or some', () => {
    const { box, written } = outbox();
    box.add(upTo(35));
    box.flush(2);
    expect(written.flat()).toHaveLength(20);
    box.flush();
    expect(written.flat()).toEqual(upTo(35));
    box.close();
  });

  it('waits while nothing can be written, says so once, and goes on where it was', () => {
    const { box, written, said, state } = outbox();
    state.failure = new Error('the disk is full');
    box.add(upTo(15));
    box.flush();
    box.flush();
    expect(box.ailment()).toBe("15 numbers can't be written: the disk is full");
    expect(said).toHaveLength(1);
    state.failure = undefined;
    box.flush();
    expect(box.ailment()).toBeUndefined();
    expect(written.flat()).toEqual(upTo(15));
    box.close();
  });

  it('loses the oldest when too much waits, and says how many', () => {
    const { box, written, said, state } = outbox(20);
    state.failure = new Error('no');
    box.flush();
    for (let round = 0; round < 5; round++) {
      box.add(upTo(10).map((i) => 10 * round + i));
      box.flush();
    }
    expect(box.ailment()).toBe("20 numbers can't be written, and 30 are lost: no");
    expect(said.filter((line) => line.includes('the oldest are lost'))).toHaveLength(1);
    state.failure = undefined;
    box.flush();
    expect(written.flat()).toEqual(upTo(20).map((i) => 30 + i));
    box.close();
  });

  it('leaves out what is refused, and writes the others', () => {
    const { box, written, said, state } = outbox();
    state.refused = new Set([3, 17]);
    box.add(upTo(20));
    box.flush();
    expect(written.flat()).toEqual(upTo(20).filter((i) => i !== 3 && i !== 17));
    expect(said).toHaveLength(2);
    box.close();
  });
});
