import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { AMOUNT, CONTROL, CPU, FOLLOWED, PROCESS, PROCESS_KEY } from './layout.js';
import { objectFile } from './object-file.js';

interface Member {
  readonly name: string;
  readonly bits_offset: number;
}
interface Type {
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly members?: readonly Member[];
}

function typesIn(file: string): Type[] | undefined {
  try {
    const text = execFileSync('bpftool', ['-j', 'btf', 'dump', 'file', file], { encoding: 'utf8' });
    return (JSON.parse(text) as { types: Type[] }).types;
  } catch {
    return undefined;
  }
}

const types = typesIn(objectFile('cpu-usage'));

describe.skipIf(types === undefined)('the layout (needs bpftool)', () => {
  const struct = (name: string): Type => {
    const found = types?.find((type) => type.kind === 'STRUCT' && type.name === name);
    if (!found) throw new Error(`the object has no struct ${name}`);
    return found;
  };
  /** Words by the names that the layout gives to members. */
  const wordsOf = (type: Type, names: readonly string[]): Record<string, number> =>
    Object.fromEntries(
      names.map((name) => {
        const inC = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        return [name, (type.members?.find((member) => member.name === inC)?.bits_offset ?? Number.NaN) / 64];
      }),
    );
  const without = (layout: Readonly<Record<string, number>>, ...names: string[]): Record<string, number> =>
    Object.fromEntries(Object.entries(layout).filter(([name]) => !names.includes(name)));

  it.each([
    ['control', without(CONTROL, 'bytes'), CONTROL.bytes],
    ['cpu', without(CPU, 'words'), CPU.words * 8],
    ['amount', without(AMOUNT, 'words'), AMOUNT.words * 8],
    ['process_key', without(PROCESS_KEY, 'words'), PROCESS_KEY.words * 8],
    ['process', without(PROCESS, 'words', 'commBytes'), PROCESS.words * 8],
    ['followed', without(FOLLOWED, 'words'), FOLLOWED.words * 8],
  ])('of %s is the compiled one', (name, layout, bytes) => {
    const type = struct(name);
    expect(type.size).toBe(bytes);
    expect(layout).toEqual(wordsOf(type, Object.keys(layout)));
  });
});
