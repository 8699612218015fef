import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WattloopError } from '../../base/index.js';
import { readPlan } from './plan-file.js';
import { resolvePlan } from './resolve-plan.js';

const folder = mkdtempSync(join(tmpdir(), 'load-plan-'));
function file(text: string): string {
  const path = join(folder, 'plan.yml');
  writeFileSync(path, text);
  return path;
}
const text = (body: Uint8Array | undefined): string | undefined => body && Buffer.from(body).toString();

describe('a plan', () => {
  it('says how several functions are called, what goes for all, and what for each', () => {
    writeFileSync(join(folder, 'photo.bin'), 'bits');
    const plan = resolvePlan(
      readPlan(
        file(`
gateway: http://127.0.0.1:8080/base/
duration: 2m
warm_up: 500ms
seed: 7
max_in_flight: 50
rate: 20
timeout: 5s
headers: { x-all: 1 }
functions:
  - name: aes
    json: { bytes: 1024 }
  - name: image
    arrival: azure
    rate: 0.5
    body_file: photo.bin
    path: /thumb?size=20
    headers: { x-own: yes }
    timeout: 90s
  - name: json
    concurrency: 4
    think: 10ms
    method: put
    body: hello
  - name: later
    async: true
    arrival: bursty
  - name: elsewhere
    url: https://example.org/x
    path: /y
`),
      ),
    );
    expect(plan).toMatchObject({ warmUpSeconds: 0.5, durationSeconds: 120, seed: 7, maxInFlight: 50 });
    const [aes, image, json, later, elsewhere] = plan.targets;
    expect(aes?.url.href).toBe('http://127.0.0.1:8080/base/function/aes');
    expect(text(aes?.body)).toBe('{"bytes":1024}');
    expect(aes).toMatchObject({
      method: 'POST',
      timeoutSeconds: 5,
      headers: { 'content-type': 'application/json', 'x-all': '1' },
      pattern: { kind: 'open', arrivals: { kind: 'poisson', perSecond: 20 } },
    });
    expect(image?.url.href).toBe('http://127.0.0.1:8080/base/function/image/thumb?size=20');
    expect(text(image?.body)).toBe('bits');
    expect(image).toMatchObject({
      timeoutSeconds: 90,
      headers: { 'x-all': '1', 'x-own': 'yes' },
      pattern: { arrivals: { kind: 'minutes', perSecond: 0.5 } },
    });
    expect(json).toMatchObject({
      method: 'PUT',
      pattern: { kind: 'closed', callers: 4, thinkSeconds: 0.01 },
    });
    expect(later?.url.pathname).toBe('/base/async-function/later');
    expect(later?.pattern).toMatchObject({ arrivals: { kind: 'bursty', perSecond: 20 } });
    expect(elsewhere?.url.href).toBe('https://example.org/x/y');
    expect(elsewhere?.method).toBe('GET');
  });

  it('may be JSON', () => {
    const plan = readPlan(
      file('{"gateway": "http://a", "functions": [{"name": "f", "rate": 2}], "fail_if": "errors>1%"}'),
    );
    expect(plan.functions).toHaveLength(1);
    expect(plan.failIf).toEqual(['errors>1%']);
  });

  it.each([
    ['rat: 3', 'line 1: unknown key "rat" (did you mean "rate"?)'],
    [
      'gateway: http://a\nfunctions:\n  - name: f\n    concurency: 2',
      'line 4: unknown key "concurency" (did you mean "concurrency"?)',
    ],
    ['functions:\n  - name: f\n  - name: g\n    rate: -1', 'line 4: functions.1.rate: '],
    ['functions:\n  - rate: 1', 'line 2: functions.0.name: '],
    ['duration: soon', 'line 1: duration: must be a time such as 50ms, 1.5s or 2m'],
    ['duration: 0s', 'line 1: duration: must be above 0'],
    ['arrival: expo', 'line 1: arrival: "expo" is none of closed, constant, exponential'],
    ['functions: [\n', 'line 2: '],
    ['functions:\n  - name: f\n    body: a\n    json: 3', 'line 4: body and json are two bodies'],
    ['functions:\n  - name: f\n    body_file: no-such', 'line 3: body_file: '],
    ['just words', 'plan.yml'],
  ])('that is wrong is refused with its line and key: %j', (content, message) => {
    let error: WattloopError | undefined;
    try {
      readPlan(file(content));
    } catch (thrown) {
      error = thrown as WattloopError;
    }
    expect(error?.code).toBe('bad_input');
    expect(error?.message).toContain(message);
  });
});

describe('what does not fit together is refused', () => {
  const functions = [{ name: 'f' }];
  const gateway = 'http://127.0.0.1:8080';
  it.each([
    [{ forAll: {}, functions: [], gateway }, /nothing to call/],
    [{ forAll: {}, functions }, /nobody says where f is called/],
    [{ forAll: {}, functions, gateway: 'localhost:8080' }, /no address of a server/],
    [{ forAll: { rate: 1, concurrency: 2 }, functions, gateway }, /a rate does not go with/],
    [
      { forAll: { arrival: 'constant', concurrency: 2 } as const, functions, gateway },
      /a concurrency does not go/,
    ],
    [{ forAll: { rate: 0 }, functions, gateway }, /no call at all/],
    [{ forAll: {}, functions: [{ name: 'f', path: 'x' }], gateway }, /begins with neither/],
  ])('%j', (description, message) => {
    expect(() => resolvePlan(description)).toThrow(message);
  });

  it('unless a function decides for itself', () => {
    const [a, b] = resolvePlan({
      gateway,
      forAll: { arrival: 'constant', rate: 5 },
      functions: [
        { name: 'a', concurrency: 3 },
        { name: 'b', rate: 9 },
      ],
    }).targets;
    expect(a?.pattern).toEqual({ kind: 'closed', callers: 3, thinkSeconds: 0 });
    expect(b?.pattern).toMatchObject({ arrivals: { kind: 'periodic', everySeconds: 1 / 9 } });
  });

  it('a trace and a rate', () => {
    const replayed = { seconds: 60, functions: ['x'] };
    expect(() => resolvePlan({ gateway, functions, forAll: { rate: 3 } }, replayed)).toThrow(
      /a trace says when/,
    );
    expect(resolvePlan({ gateway, functions: [], forAll: {}, warmUpSeconds: 10 }, replayed)).toMatchObject({
      durationSeconds: 50,
      targets: [{ name: 'x', pattern: { kind: 'replayed' } }],
    });
  });
});
