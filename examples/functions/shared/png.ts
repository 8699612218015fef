import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { Refusal } from './answering.js';
import { blank, CHANNELS, type Picture } from './picture.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Channels by the colour type of the header: grey, colours, grey with opacity, colours with opacity. */
const CHANNELS_OF: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };
const COLOURS_WITH_OPACITY = 6;
const MOST_PIXELS = 64e6;
const [NONE, SUB, UP, AVERAGE, PAETH] = [0, 1, 2, 3, 4];

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));

function chunk(type: string, data: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([frame.subarray(0, 4), content, frame.subarray(4)]);
}

/** The picture as PNG; every row is told by its difference to the pixel on the left. */
export function encodePng({ width, height, data }: Picture): Buffer {
  const stride = width * CHANNELS;
  const rows = Buffer.alloc(height * (stride + 1));
  for (let y = 0, to = 0; y < height; y++) {
    rows[to++] = SUB;
    for (let at = 0; at < stride; at++) {
      const left = at < CHANNELS ? 0 : (data[y * stride + at - CHANNELS] ?? 0);
      rows[to++] = ((data[y * stride + at] ?? 0) - left) & 0xff;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOURS_WITH_OPACITY, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

function headerOf(data: Buffer): Header {
  if (data.length < 13) throw new Refusal('the PNG has no whole header');
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth = 0, type = 0, , , interlaced] = data.subarray(8);
  const channels = CHANNELS_OF[type];
  if (depth !== 8 || channels === undefined || interlaced !== 0)
    throw new Refusal('only PNG of 8 bits a channel, without palette and interlacing, can be read');
  if (width === 0 || height === 0 || width * height > MOST_PIXELS)
    throw new Refusal(`a picture of ${width} x ${height} is too small or too large`);
  return { width, height, channels };
}

/** Reads what `encodePng` and most programs write. */
export function decodePng(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isPng(file)) throw new Refusal('the picture is no PNG');
  let header: Header | undefined;
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at + 8 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = headerOf(data);
    else if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  if (header === undefined) throw new Refusal('the PNG has no header');
  return unfiltered(header, inflated(parts, header));
}

function inflated(parts: readonly Buffer[], { width, height, channels }: Header): Buffer {
  const expected = height * (width * channels + 1);
  let rows: Buffer;
  try {
    rows = inflateSync(Buffer.concat(parts), { maxOutputLength: expected });
  } catch {
    throw new Refusal('the PNG is damaged');
  }
  if (rows.length < expected) throw new Refusal('the PNG is cut off');
  return rows;
}

/** Of left, above and above left the one that is nearest to left + above - above left. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

function unfiltered({ width, height, channels }: Header, rows: Buffer): Picture {
  const stride = width * channels;
  const picture = blank(width, height);
  let before = new Uint8Array(stride);
  let row = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const filter = rows[from] ?? 0;
    if (filter > PAETH) throw new Refusal('the PNG is damaged');
    for (let at = 0; at < stride; at++) {
      const left = at < channels ? 0 : (row[at - channels] ?? 0);
      const above = before[at] ?? 0;
      const corner = at < channels ? 0 : (before[at - channels] ?? 0);
      row[at] = (rows[from + 1 + at] ?? 0) + predicted(filter, left, above, corner);
    }
    spread(row, channels, picture.data.subarray(y * width * CHANNELS, (y + 1) * width * CHANNELS));
    [before, row] = [row, before];
  }
  return picture;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === NONE) return 0;
  if (filter === SUB) return left;
  if (filter === UP) return above;
  return filter === AVERAGE ? (left + above) >> 1 : paeth(left, above, corner);
}

/** A row of any number of channels as one of four. */
function spread(row: Uint8Array, channels: number, to: Uint8ClampedArray): void {
  const isGrey = channels < 3;
  for (let at = 0, from = 0; at < to.length; at += CHANNELS, from += channels) {
    const first = row[from] ?? 0;
    to[at] = first;
    to[at + 1] = isGrey ? first : (row[from + 1] ?? 0);
    to[at + 2] = isGrey ? first : (row[from + 2] ?? 0);
    to[at + 3] = channels % 2 === 0 ? (row[from + channels - 1] ?? 0) : 255;
  }
}
