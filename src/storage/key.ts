import { ErrorCode, WattloopError } from '../base/index.js';

/** S3's and Google's limit; Azure's is the same number of characters. */
const LONGEST_KEY_BYTES = 1024;

// What some store can't keep: control characters break XML listings, and Azure takes \ for /.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const NOT_IN_KEYS = /[\u0000-\u001f\u007f\\\ufffe\uffff]/;
const NOT_A_PART = /(^|\/)(\.{0,2})(\/|$)/;

function faultOf(key: string): string | undefined {
  if (key === '') return 'is empty';
  const part = NOT_A_PART.exec(key)?.[2];
  if (part !== undefined) return part === '' ? 'has an empty part' : `has "${part}" as a part`;
  return faultOfText(key);
}

function faultOfText(key: string): string | undefined {
  if (NOT_IN_KEYS.test(key)) return 'has a control character or a backslash in it';
  if (/\p{Surrogate}/u.test(key)) return 'is no valid Unicode';
  if (key.length * 3 > LONGEST_KEY_BYTES && Buffer.byteLength(key) > LONGEST_KEY_BYTES) {
    return `is longer than ${LONGEST_KEY_BYTES} bytes`;
  }
  return undefined;
}

function refuse(what: string, key: string, fault: string): WattloopError {
  return new WattloopError(ErrorCode.badInput, `The ${what} ${JSON.stringify(key)} ${fault}`, {
    remedy:
      'Keys are paths such as "runs/1/counts.json": parts that are not empty, "." or "..", with / between them',
  });
}

/** Refuses, with the code `bad_input`, what could not be a key in every store. */
export function checkKey(key: string): void {
  const fault = faultOf(key);
  if (fault !== undefined) throw refuse('key', key, fault);
}

export const isKey = (text: string): boolean => faultOf(text) === undefined;

/** The same for what keys begin with; its last part may be a part of a part, or empty. */
export function checkPrefix(prefix: string): void {
  const folders = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const fault = folders === '' ? undefined : faultOf(folders.slice(0, -1) || '/');
  const found = fault ?? faultOfText(prefix);
  if (found !== undefined) throw refuse('prefix', prefix, found);
}

/** Compares keys by their bytes in UTF-8, which is the order of code points; that of JavaScript is another one. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === shorter) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

/** Halves of surrogate pairs stand for code points above all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
