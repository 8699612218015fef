import type { Segment } from './partition-format.js';
import { serialise } from './serialise.js';

/** A list of less is one block: to cut it would save less than a request costs. */
const UNCUT_BYTES = 256 * 1024;
const BLOCK_BYTES = 128 * 1024;
/** Of a long list blocks are longer, so that its index stays short. */
const MOST_BLOCKS = 2_048;
/** Blocks may be so much longer together than the whole: an object in two of them is in both. */
const MOST_GROWTH = 1.25;

/** Whether V8 wrote a list without holes and without properties besides its elements: the end of its bytes says so. */
function isPlain(list: readonly unknown[], whole: Buffer): boolean {
  const tail = whole.subarray(-1 - 2 * 5);
  const length = varint(list.length);
  const endsWith = (mark: string, properties: readonly number[]): boolean => {
    const end = Buffer.from([mark.charCodeAt(0), ...properties, ...length]);
    return tail.subarray(-end.length).equals(end);
  };
  if (endsWith('$', [0])) return true;
  // Lists made by `new Array(n)` are written element by element, though none may be missing.
  if (!endsWith('@', length)) return false;
  for (let index = 0; index < list.length; index++) if (!(index in list)) return false;
  return true;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/**
 * A list as blocks of elements, each of which can be read alone. A list that would not be the same again when it is put
 * together (with holes, with properties of its own, with large objects that many elements share) is one block.
 */
export function listBlocks(list: readonly unknown[], where: string): Segment[] {
  const whole = serialise(list, where);
  const uncut: Segment[] = [{ elements: list.length, bytes: whole }];
  if (whole.length <= UNCUT_BYTES || list.length < 2 || !isPlain(list, whole)) return uncut;
  const wanted = Math.min(MOST_BLOCKS, Math.ceil(whole.length / BLOCK_BYTES), list.length);
  const perBlock = Math.ceil(list.length / wanted);
  const blocks: Segment[] = [];
  let bytes = 0;
  for (let start = 0; start < list.length; start += perBlock) {
    const elements = list.slice(start, start + perBlock);
    const block = { elements: elements.length, bytes: serialise(elements, where) };
    bytes += block.bytes.length;
    if (bytes > whole.length * MOST_GROWTH) return uncut;
    blocks.push(block);
  }
  return blocks;
}
