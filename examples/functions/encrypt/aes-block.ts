/** Doubles a number of AES' field of 256. */
const doubled = (value: number): number => ((value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff;

/** The substitution of AES: the inverse in the field, and its bits stirred. */
function substitution(): Uint8Array {
  const powers = new Uint8Array(256);
  const logs = new Uint8Array(256);
  for (let power = 0, value = 1; power < 255; power++) {
    powers[power] = value;
    logs[value] = power;
    // Three is a generator of the field.
    value = doubled(value) ^ value;
  }
  return Uint8Array.from({ length: 256 }, (_, value) => {
    const inverse = value === 0 ? 0 : (powers[(255 - (logs[value] ?? 0)) % 255] ?? 0);
    const twice = inverse * 0x101;
    return (inverse ^ (twice >> 7) ^ (twice >> 6) ^ (twice >> 5) ^ (twice >> 4) ^ 0x63) & 0xff;
  });
}

const SUBSTITUTE = substitution();
const BLOCK_BYTES = 16;
const COLUMN_BYTES = 4;

/** The keys of all rounds, one after another. The key has 16, 24 or 32 bytes. */
export function expandKey(key: Uint8Array): Uint8Array {
  const words = key.length / COLUMN_BYTES;
  if (![4, 6, 8].includes(words)) throw new RangeError(`a key of ${key.length} bytes`);
  const expanded = new Uint8Array((words + 7) * BLOCK_BYTES);
  expanded.set(key);
  let constant = 1;
  for (let at = key.length; at < expanded.length; at += COLUMN_BYTES) {
    let column = expanded.slice(at - COLUMN_BYTES, at);
    const word = at / COLUMN_BYTES;
    if (word % words === 0) {
      column = Uint8Array.of(column[1] ?? 0, column[2] ?? 0, column[3] ?? 0, column[0] ?? 0);
      for (let byte = 0; byte < COLUMN_BYTES; byte++) column[byte] = SUBSTITUTE[column[byte] ?? 0] ?? 0;
      column[0] = (column[0] ?? 0) ^ constant;
      constant = doubled(constant);
    } else if (words > 6 && word % words === 4) {
      for (let byte = 0; byte < COLUMN_BYTES; byte++) column[byte] = SUBSTITUTE[column[byte] ?? 0] ?? 0;
    }
    for (let byte = 0; byte < COLUMN_BYTES; byte++)
      expanded[at + byte] = (expanded[at + byte - key.length] ?? 0) ^ (column[byte] ?? 0);
  }
  return expanded;
}

/** Where each byte of a block comes from when its rows are shifted. */
const SHIFTED = Uint8Array.from(
  { length: BLOCK_BYTES },
  (_, at) => (at + COLUMN_BYTES * (at % 4)) % BLOCK_BYTES,
);

function mixColumns(block: Uint8Array): void {
  for (let at = 0; at < BLOCK_BYTES; at += COLUMN_BYTES) {
    const [a = 0, b = 0, c = 0, d = 0] = block.subarray(at, at + COLUMN_BYTES);
    const all = a ^ b ^ c ^ d;
    block[at] = a ^ all ^ doubled(a ^ b);
    block[at + 1] = b ^ all ^ doubled(b ^ c);
    block[at + 2] = c ^ all ^ doubled(c ^ d);
    block[at + 3] = d ^ all ^ doubled(d ^ a);
  }
}

/** Encrypts one block, in place. */
export function encryptBlock(block: Uint8Array, keys: Uint8Array): void {
  const rounds = keys.length / BLOCK_BYTES - 1;
  const shifted = new Uint8Array(BLOCK_BYTES);
  for (let at = 0; at < BLOCK_BYTES; at++) block[at] = (block[at] ?? 0) ^ (keys[at] ?? 0);
  for (let round = 1; round <= rounds; round++) {
    for (let at = 0; at < BLOCK_BYTES; at++) shifted[at] = SUBSTITUTE[block[SHIFTED[at] ?? 0] ?? 0] ?? 0;
    if (round < rounds) mixColumns(shifted);
    for (let at = 0; at < BLOCK_BYTES; at++)
      block[at] = (shifted[at] ?? 0) ^ (keys[round * BLOCK_BYTES + at] ?? 0);
  }
}
