import { describe, expect, it } from 'vitest';
import { findClosures } from './find-closures.js';

/** Names of the variables that the function marked with /*f* / uses though it can't. */
function closuresOf(text: string, source: string): string[] {
  return findClosures(text, [{ name: 'f', source }]).map(({ variable, reason }) =>
    reason === 'enclosing' ? variable : `${variable} (${reason})`,
  );
}

/** The text between « and »; the text without them. */
function marked(snippet: string): { text: string; source: string } {
  const source = /«([\s\S]*)»/.exec(snippet)?.[1] ?? '';
  return { text: snippet.replace('«', '').replace('»', ''), source };
}

const check = (snippet: string): string[] => {
  const { text, source } = marked(snippet);
  expect(source).not.toBe('');
  return closuresOf(text, source);
};

describe('findClosures allows', () => {
  it.each([
    [
      'parameters, locals and globals',
      'build((flow) => use(«(a, { b, c: [d] }, ...e) => { const g = a; return Math.max(g, b, d, e.length, process.pid); }»));',
    ],
    ['defaults that use other parameters', 'build(() => use(«(a, b = a, { c = b } = {}) => c»));'],
    [
      'imports',
      "import x, { y as z } from 'm'; import * as n from 'o'; build(() => use(«() => x + z + n.q»));",
    ],
    [
      'functions, classes and constants of the module',
      'const k = 1; function h() {} class C {} var v = 2; let l = 3; build(() => use(«() => h(new C(), k, v, l)»));',
    ],
    [
      'what the module declares later',
      'build(() => use(«() => later + k()»)); const later = 1; function k() {}',
    ],
    ['a variable that is set once while the module runs', 'let k; k = 1; build(() => use(«() => k»));'],
    ['a namespace', 'var NS; ((NS2) => { NS2.v = 1; })(NS || (NS = {})); build(() => use(«() => NS.v»));'],
    [
      'a module that is initialised late',
      'var k; var init_m = __esm({ "m.ts"() { k = 41; } }); build(() => use(«() => (init_m(), k)»));',
    ],
    [
      'what a CommonJS module declares',
      'var require_m = __commonJS({ "m.cjs"(exports, module) { const n = 1; function h() {} build(() => use(«() => h(n, exports, module)»)); } });',
    ],
    [
      'vars from any depth',
      'build(() => use(«() => { for (var i = 0, n = 3; i < n; i++) { if (i) { var q = i; } } return q + i; }»));',
    ],
    [
      'functions before their declaration',
      'build(() => use(«() => { return h(); function h() { return h; } }»));',
    ],
    [
      'catch variables',
      'build(() => use(«() => { try {} catch ({ message, ...rest }) { return message + rest; } }»));',
    ],
    ['its own name', 'build(() => use(«function again(n) { return n ? again(n - 1) : 0; }»));'],
    [
      'its own this and arguments',
      'build(() => use(«function () { return () => [this, arguments, new.target]; }»));',
    ],
    [
      'classes of its own',
      'build(() => use(«() => { class A { static s = A; #p = 1; m() { return this.#p; } } return class B extends A { m() { return super.m() + B; } }; }»));',
    ],
    ['labels', 'build((outer) => use(«() => { outer: for (;;) { break outer; } }»));'],
    ['property names', 'build((k) => use(«(a) => ({ k: 1, m: a.k, k() {}, ...a }).k»));'],
    [
      'switch cases',
      'build(() => use(«(a) => { switch (a) { case 1: let z = 1; return z; default: z = 2; } }»));',
    ],
    [
      'destructuring assignments to its own',
      'build(() => use(«(o) => { let a, b; ({ a, c: [b] } = o); for (a of o) b++; return a; }»));',
    ],
    ['methods', 'build((flow) => use({ «async run(a) { return a; }» }));'],
    ['static methods', 'class A { static «*gen(a) { yield a; }» }'],
    ['a method with a name that is computed outside', 'build((k) => use({ «[k](a) { return a; }» }));'],
    [
      'templates, optional chains and imports when run',
      'build(() => use(«async (a) => `$' + "{a?.b?.[a]}` + (await import('x')).y + import.meta.url»));",
    ],
  ])('%s', (_, snippet) => {
    expect(check(snippet)).toEqual([]);
  });
});

describe('findClosures refuses', () => {
  it.each([
    ['parameters of the function around', 'build((flow) => use(«() => flow.x»));', ['flow']],
    ['variables of the function around', 'build(() => { const k = 1; use(«() => k»); });', ['k']],
    ['a variable of its own default', 'build((k) => use(«(a = k) => a»));', ['k']],
    [
      'what the body declares under the name of a default',
      'build((k) => use(«(a = k) => { var k = 1; return a + k; }»));',
      ['k'],
    ],
    ['loop variables', 'for (const i of [1, 2]) use(«() => i»);', ['i']],
    ['variables of a block', '{ let k = 1; use(«() => k»); }', ['k']],
    ['shorthand properties', 'build((k) => use(«() => ({ k })»));', ['k']],
    ['computed properties', 'build((k) => use(«(a) => ({ [k]: a[k] })»));', ['k']],
    ['keys of patterns', 'build((k) => use(«({ [k]: a }) => a»));', ['k']],
    ['helpers of the function around', 'build(() => { function h() {} use(«() => h()»); });', ['h']],
    ['catch variables around', 'try {} catch (e) { use(«() => e»); }', ['e']],
    ['this of the function around', 'function build() { use(«() => this.x»); }', ['this']],
    [
      'arguments and new.target of the function around',
      'function build() { use(«() => [arguments, new.target]»); }',
      ['arguments', 'new.target'],
    ],
    ['this of a class', 'class A { static f = «() => this.x»; }', ['this']],
    ['super', 'class A extends B { m() { use(«() => super.m()»); } }', ['super']],
    [
      'changed variables of the module',
      'let n = 0; function inc() { n++; } build(() => use(«() => n»));',
      ['n (reassigned)'],
    ],
    ['variables that a function sets', 'let n; build(() => { n = 1; use(«() => n»); });', ['n (reassigned)']],
    ['variables that it changes itself', 'let n = 0; use(«() => (n += 1)»);', ['n (reassigned)']],
    ['variables that are set twice', 'let n = 0; n = 1; use(«() => n»);', ['n (reassigned)']],
    [
      'variables changed by destructuring',
      'let n = 0; const f = (o) => ({ a: [n = 2] } = o); use(«() => n»);',
      ['n (reassigned)'],
    ],
    [
      'variables changed by a loop',
      'let n = 0; function f(o) { for (n in o); } use(«() => n»);',
      ['n (reassigned)'],
    ],
    [
      'functions that are replaced',
      'function h() {} function f() { h = 1; } use(«() => h()»);',
      ['h (reassigned)'],
    ],
    ['each variable once, in order', 'build((a, b) => use(«() => b + a + b»));', ['b', 'a']],
    ['assignments to variables around', 'build(() => { let k; use(«() => { k = 1; }»); });', ['k']],
    [
      'a var of the function around, not of the block',
      'build(() => { if (1) { var k = 1; } use(«() => k»); });',
      ['k'],
    ],
    [
      'what a block of its own does not reach',
      'build((k) => use(«() => { { let k = 1; } return k; }»));',
      ['k'],
    ],
    ['what its catch does not reach', 'build((e) => use(«() => { try {} catch (e) {} return e; }»));', ['e']],
    [
      'what its inner function does not reach',
      'build((k) => use(«() => { function g(k) { return k; } return g(k); }»));',
      ['k'],
    ],
    [
      'the name of a function expression outside it',
      'build((g) => use(«() => { (function g() {}); return g; }»));',
      ['g'],
    ],
  ])('%s', (_, snippet, names) => {
    expect(check(snippet)).toEqual(names);
  });
});

describe('findClosures', () => {
  const text = 'const k = 1;\nbuild((k) => use((a) => a + k));\nbuild(() => use((a) => a + k));';
  const source = '(a) => a + k';

  it('takes the one at the offset among functions with the same text', () => {
    const at = (offset: number | undefined) =>
      findClosures(text, [{ name: 'f', source, offset: () => offset }]).map(({ variable }) => variable);
    expect(at(text.indexOf(source))).toEqual(['k']);
    expect(at(text.lastIndexOf(source))).toEqual([]);
    expect(at(undefined)).toEqual(['k']);
  });

  it('tells whose variable it is and where it is declared', () => {
    expect(findClosures('build((k) => use(() => k));', [{ name: 'stage "a"', source: '() => k' }])).toEqual([
      { function: 'stage "a"', variable: 'k', reason: 'enclosing', declaredAt: 7 },
    ]);
  });

  it('does not judge what comes from elsewhere', () => {
    expect(findClosures('const a = 1;', [{ name: 'f', source: '() => zzz' }])).toEqual([]);
  });
});
