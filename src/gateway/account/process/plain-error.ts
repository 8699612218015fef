import { ErrorCode, messageOf, WattloopError } from '../../../base/index.js';
import type { PlainError } from './protocol.js';

const CODES: readonly string[] = Object.values(ErrorCode);
const isCode = (code: string): code is ErrorCode => CODES.includes(code);

export function plainError(error: unknown): PlainError {
  return error instanceof WattloopError
    ? { code: error.code, message: error.message, remedy: error.remedy }
    : { code: ErrorCode.internal, message: messageOf(error), remedy: undefined };
}

export function errorFrom({ code, message, remedy }: PlainError): WattloopError {
  return new WattloopError(
    isCode(code) ? code : ErrorCode.internal,
    message,
    remedy === undefined ? {} : { remedy },
  );
}
