import { spawnSync } from 'node:child_process';
import { randomBytes as anyBytes, createCipheriv, createDecipheriv } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import aes from '../examples/functions/aes/handler.js';
import { encryptRounds, keyOf } from '../examples/functions/aes/rounds.js';
import cnn from '../examples/functions/cnn/handler.js';
import { connect, convolve, pool, softmax } from '../examples/functions/cnn/layers.js';
import { classify, network } from '../examples/functions/cnn/network.js';
import { type Tensor, tensor } from '../examples/functions/cnn/tensor.js';
import { copyFile } from '../examples/functions/dd/copy-file.js';
import dd from '../examples/functions/dd/handler.js';
import { encryptBlock, expandKey } from '../examples/functions/encrypt/aes-block.js';
import { encryptWithCounter } from '../examples/functions/encrypt/counter-mode.js';
import encrypt from '../examples/functions/encrypt/handler.js';
import image from '../examples/functions/image/handler.js';
import { resize } from '../examples/functions/image/resize.js';
import { rotate } from '../examples/functions/image/rotate.js';
import {
  bellCurve,
  blurred,
  edges,
  luminance,
  mirrored,
} from '../examples/functions/imageprocess/filters.js';
import imageprocess from '../examples/functions/imageprocess/handler.js';
import { countValues, customers, roundTrips } from '../examples/functions/json/documents.js';
import json from '../examples/functions/json/handler.js';
import linpack from '../examples/functions/linpack/handler.js';
import { residual, solve } from '../examples/functions/linpack/solve.js';
import matmul from '../examples/functions/matmul/handler.js';
import { multiply, productError, randomMatrix } from '../examples/functions/matmul/multiply.js';
import mlTrain from '../examples/functions/ml-train/handler.js';
import { logisticRegression } from '../examples/functions/ml-train/logistic-regression.js';
import { randomForest } from '../examples/functions/ml-train/random-forest.js';
import { accuracy, part, type Samples, samples } from '../examples/functions/ml-train/samples.js';
import type { Work } from '../examples/functions/shared/answering.js';
import { blank, CHANNELS, type Picture, testPicture } from '../examples/functions/shared/picture.js';
import { decodePng, encodePng } from '../examples/functions/shared/png.js';
import { random } from '../examples/functions/shared/random.js';
import { greyArguments, runFfmpeg } from '../examples/functions/video/ffmpeg.js';
import video from '../examples/functions/video/handler.js';
import videoprocess from '../examples/functions/videoprocess/handler.js';
import { processFrames } from '../examples/functions/videoprocess/process-frames.js';
import type { FunctionContext, FunctionEvent } from '../src/compute/index.js';
import { RunningGateway } from './support/gateway.js';

const FOLDER = join(import.meta.dirname, '..', 'examples', 'functions');

/** A call as far as these handlers look at it. */
const call = (given: Partial<FunctionEvent>): FunctionEvent =>
  ({ query: {}, headers: {}, body: undefined, rawBody: undefined, ...given }) as FunctionEvent;
const context = { signal: new AbortController().signal } as FunctionContext;
const answer = async <T>(work: Work, body: unknown = {}): Promise<T> =>
  (await work(call({ body }), context)) as T;

const has = (program: string): boolean =>
  spawnSync(program, ['-version'], { stdio: 'ignore' }).error === undefined;
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (of: Uint8Array): string => Buffer.from(of).toString('hex');
const anyPicture = (width: number, height: number, seed: number): Picture => {
  const next = random(seed);
  const picture = blank(width, height);
  for (let at = 0; at < picture.data.length; at++) picture.data[at] = 256 * next();
  return picture;
};

const SMALL_AND_LARGE: readonly [name: string, work: Work, small: object, large: object][] = [
  ['dd', dd, { mib: 1 }, { mib: 3 }],
  ['image', image, { size: 32 }, { size: 64 }],
  ['imageprocess', imageprocess, { size: 32 }, { size: 64 }],
  ['imageprocess by its radius', imageprocess, { size: 32, radius: 1 }, { size: 32, radius: 9 }],
  ['videoprocess', videoprocess, { width: 32, height: 32, frames: 1 }, { width: 32, height: 32, frames: 4 }],
  ['aes', aes, { bytes: 100, rounds: 2 }, { bytes: 1000, rounds: 2 }],
  ['aes by its rounds', aes, { bytes: 100, rounds: 2 }, { bytes: 100, rounds: 9 }],
  ['encrypt', encrypt, { bytes: 100 }, { bytes: 1000 }],
  ['json', json, { records: 10 }, { records: 100 }],
  ['cnn', cnn, { images: 1, size: 16 }, { images: 3, size: 16 }],
  ['cnn by its size', cnn, { images: 1, size: 16 }, { images: 1, size: 32 }],
  ['ml-train', mlTrain, { rows: 100, rounds: 5 }, { rows: 400, rounds: 5 }],
  [
    'a forest',
    mlTrain,
    { model: 'random-forest', rows: 100, trees: 2 },
    { model: 'random-forest', rows: 100, trees: 6 },
  ],
  ['matmul', matmul, { size: 8 }, { size: 16 }],
  ['linpack', linpack, { size: 8 }, { size: 16 }],
];

describe('every example function', () => {
  it.each(SMALL_AND_LARGE)(
    '%s has more to do with a larger size, and the same again',
    async (_, work, small, large) => {
      type Counted = { operations: number };
      const first = await answer<Counted>(work, small);
      expect(first.operations).toBeGreaterThan(0);
      expect((await answer<Counted>(work, large)).operations).toBeGreaterThan(2 * first.operations);
      expect((await answer<Counted>(work, small)).operations).toBe(first.operations);
    },
  );

  it('takes its size from the query too, and refuses one beyond its bounds', async () => {
    expect(await matmul(call({ query: { size: '4' }, body: { size: 9 } }), context)).toMatchObject({
      size: 4,
    });
    for (const size of [0, 1e9, 'x', '', 2.5, null])
      expect(await answer(matmul, { size })).toEqual({
        statusCode: 400,
        body: 'size must be a whole number from 1 to 4096\n',
      });
    expect(await answer(mlTrain, { model: 'oracle' })).toMatchObject({ statusCode: 400 });
  });

  it('is deployed by the stack', () => {
    const stack = readFileSync(join(FOLDER, 'stack.yml'), 'utf8');
    const deployed = [...stack.matchAll(/^ {4}handler: \.\/(.+)$/gm)].map(([, name]) => name);
    const folders = readdirSync(FOLDER).filter(
      (name) => name !== 'shared' && statSync(join(FOLDER, name)).isDirectory(),
    );
    expect(deployed.sort()).toEqual(folders.sort());
  });
});

describe('dd', () => {
  it('reads what it wrote and leaves nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dd-test-'));
    const { bytesWritten, bytesRead, sum } = await copyFile(5, 1000, folder);
    expect([bytesWritten, bytesRead]).toEqual([5000, 5000]);
    expect(sum).toBe(5 * (await copyFile(1, 1000, folder)).sum);
    expect(readdirSync(folder)).toEqual([]);
    expect(await answer(dd, { mib: 1, block_kib: 100 })).toMatchObject({ bytes_written: 11 * 100 * 1024 });
  });
});

describe('image', () => {
  it('keeps a picture of the same size and the mean of any other', () => {
    const picture = anyPicture(13, 7, 1);
    expect(resize(picture, 13, 7).picture).toEqual(picture);
    const plain = blank(20, 10);
    plain.data.fill(77);
    for (const [width, height] of [
      [3, 3],
      [40, 30],
      [20, 5],
    ] as const)
      expect(new Set(resize(plain, width, height).picture.data)).toEqual(new Set([77]));
    // Halved, a pixel is the mean of four.
    const small = resize(picture, 13, 7).picture;
    const two = resize({ ...small, width: 13, height: 7 }, 13, 7).picture;
    expect(two).toEqual(picture);
    const half = resize(anyPicture(2, 2, 3), 1, 1).picture.data;
    const four = anyPicture(2, 2, 3).data;
    for (let channel = 0; channel < CHANNELS; channel++) {
      const mean = [0, 1, 2, 3].reduce((sum, pixel) => sum + (four[pixel * CHANNELS + channel] ?? 0), 0) / 4;
      expect(Math.abs((half[channel] ?? 0) - mean)).toBeLessThanOrEqual(0.5);
    }
  });

  it('turns clockwise, and is itself again after four quarters', () => {
    const picture = anyPicture(5, 3, 2);
    const quarter = rotate(picture, 90).picture;
    expect([quarter.width, quarter.height]).toEqual([3, 5]);
    // What was at the top left is at the top right.
    expect(quarter.data.slice(2 * CHANNELS, 3 * CHANNELS)).toEqual(picture.data.slice(0, CHANNELS));
    let turned = picture;
    for (let quarters = 0; quarters < 4; quarters++) turned = rotate(turned, 90).picture;
    expect(turned).toEqual(picture);
    expect(rotate(picture, 0).picture).toEqual(picture);
  });

  it('has room for the corners of a picture that stands askew, and nothing beside it', () => {
    const { picture } = rotate(testPicture(10, 10), 45);
    expect([picture.width, picture.height]).toEqual([15, 15]);
    expect(picture.data[CHANNELS - 1]).toBe(0);
  });

  it('takes and gives PNG', async () => {
    const picture = anyPicture(6, 4, 5);
    const sent = call({
      rawBody: encodePng(picture),
      headers: { 'content-type': 'image/png', accept: 'image/png' },
      query: { width: '6', rotate: '180' },
    });
    const { body } = (await image(sent, context)) as { body: Buffer };
    const back = decodePng(body);
    expect(back.data.slice(0, CHANNELS)).toEqual(picture.data.slice(-CHANNELS));
  });

  it('reads PNG of all filters and kinds of channels', () => {
    for (const [type, channels] of [
      [0, 1],
      [2, 3],
      [4, 2],
      [6, 4],
    ] as const) {
      const [width, height] = [4, 5];
      const rows = anyBytes(height * (width * channels + 1));
      // A row for each filter.
      for (let y = 0; y < height; y++) rows[y * (width * channels + 1)] = y;
      const png = Buffer.from(pngOf(width, height, type, rows));
      const decoded = decodePng(png);
      expect([decoded.width, decoded.height]).toEqual([width, height]);
      // Written by ourselves it is the same again.
      expect(decodePng(encodePng(decoded))).toEqual(decoded);
    }
  });

  it.each([
    ['no picture', Buffer.from('hello')],
    ['damaged', Buffer.concat([encodePng(testPicture(8, 8)).subarray(0, 50), Buffer.alloc(20)])],
    ['huge', pngOf(100_000, 100_000, 6, Buffer.alloc(10))],
    ['cut off', pngOf(100, 100, 6, Buffer.alloc(10))],
    ['of a palette', pngOf(2, 2, 3, Buffer.alloc(10))],
  ])('refuses what is %s', async (_, rawBody) => {
    const sent = call({ rawBody, headers: { 'content-type': 'image/png' } });
    expect(await image(sent, context)).toMatchObject({ statusCode: 400 });
  });
});

/** A PNG without checksums. */
function pngOf(width: number, height: number, type: number, rows: Uint8Array): Buffer {
  const piece = (name: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(name, 'latin1'), data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, type, 0, 0, 0], 8);
  return Buffer.concat([
    bytes('89504e470d0a1a0a'),
    piece('IHDR', header),
    piece('IDAT', deflateSync(rows)),
    piece('IEND', Buffer.alloc(0)),
  ]);
}

describe('imageprocess', () => {
  it('mirrors twice to the same picture, and weighs colours as eyes do', () => {
    const picture = anyPicture(9, 4, 3);
    expect(mirrored(mirrored(picture))).toEqual(picture);
    expect(mirrored(picture)).not.toEqual(picture);
    const green = { width: 1, height: 1, data: Uint8ClampedArray.of(0, 255, 0, 255) };
    expect(luminance(green)[0]).toBeCloseTo(149.685, 3);
  });

  it('blurs without making anything brighter, and spreads a point as the curve says', () => {
    const curve = bellCurve(2);
    expect(curve.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
    const point = new Float64Array(81);
    point[40] = 1;
    const spread = blurred(point, 9, 9, 2);
    expect(spread.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
    expect(spread[40 + 9]).toBeCloseTo((curve[1] ?? 0) * (curve[2] ?? 0), 12);
    const even = new Float64Array(20).fill(5);
    for (const value of blurred(even, 5, 4, 3)) expect(value).toBeCloseTo(5, 12);
  });

  it('finds an edge where brightness changes, and none where it does not', () => {
    const step = Float64Array.from({ length: 36 }, (_, at) => (at % 6 < 3 ? 0 : 10));
    const found = edges(step, 6, 6);
    // Four times the step, on both sides of it.
    expect([...found.slice(12, 18)]).toEqual([0, 0, 40, 40, 0, 0]);
    expect(new Set(edges(new Float64Array(36).fill(9), 6, 6))).toEqual(new Set([0]));
  });
});

describe('video', () => {
  it.skipIf(!has('ffmpeg'))('has as many grey frames as were asked for', async () => {
    const body = { width: 32, height: 16, frames: 7 };
    expect(await answer(video, body)).toMatchObject({ ...body, operations: 32 * 16 * 7 });
    const more = await answer<{ operations: number }>(video, { ...body, frames: 14 });
    expect(more.operations).toBe(32 * 16 * 14);
  });

  it.skipIf(!has('ffmpeg'))(
    'takes a video that it is sent, and says what ffmpeg has against it',
    async () => {
      const chunks: Uint8Array[] = [];
      const args = [
        '-loglevel',
        'error',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=64x48:rate=10',
        '-frames:v',
        '4',
        '-f',
        'matroska',
        'pipe:1',
      ];
      await runFfmpeg({ args }, (chunk) => chunks.push(chunk));
      const sent = call({
        rawBody: Buffer.concat(chunks),
        headers: { 'content-type': 'video/x-matroska' },
        query: { width: '16', height: '16' },
      });
      expect(await video(sent, context)).toMatchObject({ frames: 4, operations: 4 * 256 });
      const broken = call({ rawBody: Buffer.from('no video'), headers: { 'content-type': 'video/mp4' } });
      expect(await video(broken, context)).toMatchObject({
        statusCode: 400,
        body: expect.stringMatching(/^ffmpeg could not do it: /),
      });
    },
  );

  it('says that ffmpeg is not there with 501', async () => {
    const args = greyArguments({ width: 16, height: 16, frames: 1 }, { width: 16, height: 16 });
    await expect(runFfmpeg({ args, program: 'no-such-ffmpeg' }, () => {})).rejects.toMatchObject({
      status: 501,
      message: expect.stringMatching(/there is no no-such-ffmpeg/),
    });
  });
});

it('videoprocess sees motion where there is some', () => {
  const scene = { width: 64, height: 48, frames: 4 };
  expect(processFrames(scene, 0).motion).toBe(0);
  const moving = processFrames(scene, 0.5);
  expect(moving.motion).toBeGreaterThan(1);
  expect(processFrames(scene, 0).brightness).toBeGreaterThan(50);
  expect(moving.frames).toBe(4);
});

describe('aes and encrypt', () => {
  it('are AES: the standard has these blocks', () => {
    const plain = '00112233445566778899aabbccddeeff';
    const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
    for (const [length, expected] of [
      [16, '69c4e0d86a7b0430d8cdb78070b4c55a'],
      [24, 'dda97ca4864cdfe06eaf70a0ec0d7191'],
      [32, '8ea2b7ca516745bfeafc49904b496089'],
    ] as const) {
      const block = bytes(plain);
      encryptBlock(block, expandKey(bytes(key).subarray(0, length)));
      expect(hex(block)).toBe(expected);
    }
  });

  it('count as the standard does', () => {
    const key = bytes('2b7e151628aed2a6abf7158809cf4f3c');
    const counter = bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
    const plain = bytes('6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51');
    expect(hex(encryptWithCounter(plain, key, counter).bytes)).toBe(
      '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff',
    );
  });

  it('agree with the library, whatever is encrypted', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.constantFrom(16, 24, 32),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (plain, length, counter) => {
          const key = keyOf(plain.length).subarray(0, length);
          const cipher = createCipheriv(`aes-${length * 8}-ctr`, key, counter);
          const expected = Buffer.concat([cipher.update(plain), cipher.final()]);
          expect(hex(encryptWithCounter(plain, key, counter).bytes)).toBe(hex(expected));
        },
      ),
    );
  });

  it('can be undone', () => {
    const key = keyOf(3);
    const plain = Buffer.from('a text that is not a multiple of a block');
    let encrypted = encryptRounds(plain, key, 3);
    for (const round of [2, 1, 0]) {
      const counter = Buffer.alloc(16);
      counter.writeUInt32BE(round, 0);
      const decipher = createDecipheriv('aes-256-ctr', key, counter);
      encrypted = Buffer.concat([decipher.update(encrypted), decipher.final()]);
    }
    expect(encrypted.toString()).toBe(plain.toString());
  });

  it('encrypts what it is sent', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const sent = (rawBody: Buffer): Promise<unknown> =>
      Promise.resolve(encrypt(call({ rawBody, headers }), context));
    const once = Buffer.from((await sent(Buffer.from('secret'))) as Uint8Array);
    expect(once.toString()).not.toBe('secret');
    expect(Buffer.from((await sent(once)) as Uint8Array).toString()).toBe('secret');
  });
});

describe('json', () => {
  it('has the same document after any number of round trips', () => {
    const document = customers(5, 2);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(customers(5, 2)).toEqual(document);
    expect(customers(5, 3)).not.toEqual(document);
    const { bytes: size, values, operations } = roundTrips(document, 3);
    expect(size).toBe(Buffer.byteLength(JSON.stringify(document)));
    expect(values).toBe(countValues(document));
    expect(operations).toBe(6 * size);
  });

  it('takes a document that it is sent', async () => {
    expect(await answer(json, { document: { a: [1, 'ä', null, { b: true }] }, rounds: 2 })).toEqual({
      bytes: Buffer.byteLength('{"a":[1,"ä",null,{"b":true}]}'),
      values: 4,
      operations: 4 * Buffer.byteLength('{"a":[1,"ä",null,{"b":true}]}'),
    });
  });
});

describe('cnn', () => {
  const anyTensor = (channels: number, height: number, width: number, seed: number): Tensor => {
    const next = random(seed);
    const made = tensor(channels, height, width);
    for (let at = 0; at < made.data.length; at++) made.data[at] = 2 * next() - 1;
    return made;
  };

  it('convolves as one would by counting on fingers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(1, 3, 5),
        (channels, height, width, size) => {
          const input = anyTensor(channels, height, width, 1);
          const outputs = 2;
          const weights = anyTensor(outputs, channels, size * size, 2).data;
          const bias = Float32Array.of(0.5, -0.25);
          const output = convolve(input, { size, outputs, weights, bias });
          const reach = (size - 1) / 2;
          for (let plane = 0; plane < outputs; plane++) {
            for (let y = 0; y < height; y++) {
              for (let x = 0; x < width; x++) {
                let sum = bias[plane] ?? 0;
                for (let channel = 0; channel < channels; channel++) {
                  for (let dy = 0; dy < size; dy++) {
                    for (let dx = 0; dx < size; dx++) {
                      const [sy, sx] = [y + dy - reach, x + dx - reach];
                      if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
                      const weight = weights[((plane * channels + channel) * size + dy) * size + dx] ?? 0;
                      sum += weight * (input.data[(channel * height + sy) * width + sx] ?? 0);
                    }
                  }
                }
                expect(output.data[(plane * height + y) * width + x]).toBeCloseTo(sum, 4);
              }
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('pools, connects and weighs', () => {
    const input = { channels: 1, height: 2, width: 4, data: Float32Array.of(1, 5, 2, 0, -3, 4, 9, 7) };
    expect([...pool(input).data]).toEqual([5, 9]);
    const dense = { outputs: 2, weights: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(0, 1) };
    expect([...connect(Float32Array.of(10, 1), dense)]).toEqual([12, 35]);
    const likely = softmax(Float32Array.of(1000, 1001, 999));
    expect(likely.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
    expect((likely[1] ?? 0) / (likely[0] ?? 0)).toBeCloseTo(Math.E, 6);
  });

  it('says something else of other pictures, and the same of the same', () => {
    const net = network(3, 16, 4);
    const one = classify(net, anyTensor(3, 16, 16, 1));
    expect(one.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
    expect(classify(net, anyTensor(3, 16, 16, 1))).toEqual(one);
    expect(classify(net, anyTensor(3, 16, 16, 2))).not.toEqual(one);
    expect(classify(network(3, 16, 5), anyTensor(3, 16, 16, 1))).not.toEqual(one);
  });
});

describe('ml-train', () => {
  const all = samples(3_000, 5, 7);
  const [known, rest] = [part(all, 0, 2_000), part(all, 2_000, 3_000)];

  it('learns by a plane what a plane decides', () => {
    const { classifier } = logisticRegression(known, 200);
    // One label in twenty is wrong.
    expect(accuracy(classifier, rest)).toBeGreaterThan(0.92);
    expect(accuracy(classifier, rest)).toBeLessThan(0.97);
  });

  it('learns by trees what no plane decides', () => {
    const corners = (rows: number, seed: number): Samples => {
      const data = samples(rows, 2, seed);
      for (let row = 0; row < rows; row++)
        data.labels[row] = Number((data.values[2 * row] ?? 0) * (data.values[2 * row + 1] ?? 0) > 0);
      return data;
    };
    const [train, test] = [corners(1_000, 1), corners(500, 2)];
    expect(accuracy(logisticRegression(train, 100).classifier, test)).toBeLessThan(0.65);
    expect(accuracy(randomForest(train, 15, 1).classifier, test)).toBeGreaterThan(0.93);
  });

  it('judges by rows that it has not seen', async () => {
    const forest = await answer<{ accuracy: number }>(mlTrain, {
      model: 'random-forest',
      rows: 500,
      features: 3,
    });
    expect(forest.accuracy).toBeGreaterThan(0.75);
    expect(forest.accuracy).toBeLessThan(1);
  });
});

describe('matmul', () => {
  it('multiplies as the definition has it, across the borders of its blocks', () => {
    for (const size of [1, 3, 65]) {
      const [a, b] = [randomMatrix(size, 1), randomMatrix(size, 2)];
      const product = multiply(a, b, size);
      for (const [row, column] of [
        [0, 0],
        [size - 1, 0],
        [size >> 1, size - 1],
      ] as const) {
        let sum = 0;
        for (let inner = 0; inner < size; inner++)
          sum += (a[row * size + inner] ?? 0) * (b[inner * size + column] ?? 0);
        expect(product[row * size + column]).toBeCloseTo(sum, 10);
      }
      expect(productError(a, b, product, size, 3)).toBeLessThan(1e-9);
      product[size - 1] = (product[size - 1] ?? 0) + 0.01;
      expect(productError(a, b, product, size, 3)).toBeGreaterThan(0.009);
    }
  });
});

describe('linpack', () => {
  it('solves, and knows how exactly', async () => {
    const { solution } = solve(Float64Array.of(0, 2, 1, 1), Float64Array.of(4, 5));
    expect([...solution]).toEqual([3, 2]);
    const { residual: rest, mflops } = await answer<{ residual: number; mflops: number }>(linpack, {
      size: 80,
    });
    expect(rest).toBeLessThan(16);
    expect(mflops).toBeGreaterThan(0);
    expect(
      residual(Float64Array.of(2, 0, 0, 2), Float64Array.of(2, 2), Float64Array.of(1, 1.001)),
    ).toBeGreaterThan(1e10);
    expect(() => solve(new Float64Array(4), new Float64Array(2))).toThrow(/no inverse/);
  });

  it('does as many operations as the benchmark counts', async () => {
    const size = 200;
    const { operations } = await answer<{ operations: number }>(linpack, { size });
    expect(operations / ((2 / 3) * size ** 3 + 2 * size ** 2)).toBeCloseTo(1, 2);
  });
});

describe('functions in other languages', () => {
  it('count words', () => {
    const input = 'the cat, the dog; THE end of the dog';
    const { stdout } = spawnSync('sh', [join(FOLDER, 'words', 'words.sh')], { input, encoding: 'utf8' });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['4 the', '2 dog', '1 cat', '1 end', '1 of']);
  });

  it.skipIf(!has('python3'))('count primes', () => {
    const program = 'import server; print(*[server.primes(n)[0] for n in (0, 2, 3, 10, 1000, 100000)])';
    const { stdout } = spawnSync('python3', ['-c', program], {
      cwd: join(FOLDER, 'sieve'),
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe('0 0 1 4 168 9592');
  });
});

describe('wattloop serve', () => {
  const needs: Readonly<Record<string, string>> = { video: 'ffmpeg', sieve: 'python3' };
  const names = [...readFileSync(join(FOLDER, 'stack.yml'), 'utf8').matchAll(/^ {2}([a-z-]+):$/gm)]
    .map(([, name = '']) => name)
    .filter((name) => needs[name] === undefined || has(needs[name]));

  it('serves them all', { timeout: 120_000 }, async () => {
    expect(names.length).toBeGreaterThan(11);
    const gateway = await RunningGateway.start({
      args: ['--functions', join(FOLDER, 'stack.yml'), '--no-account'],
    });
    for (const name of names) {
      const answer = await gateway.call(name, { method: 'POST', body: 'some words' });
      expect(`${name} ${answer.status}`).toBe(`${name} 200`);
      expect(await answer.text()).toMatch(name === 'words' ? /1 some/ : /"operations": ?\d+/);
    }
    const refused = await gateway.call('matmul?size=0', { method: 'POST' });
    expect(`${refused.status} ${await refused.text()}`).toMatch(/^400 size must be/);
  });
});
