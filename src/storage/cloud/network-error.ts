import { ErrorCode } from '../../base/index.js';
import type { Finding } from '../storage-error.js';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EHOSTUNREACH: 'the host can not be reached',
  ENETUNREACH: 'the host can not be reached',
  ETIMEDOUT: 'the server did not answer in time',
  ESOCKETTIMEDOUT: 'the server did not answer in time',
  TimeoutError: 'the server did not answer in time',
};
const BROKEN_TEXT = /socket hang up|premature close|terminated|aborted|network socket disconnected/i;
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** Codes and names of an error and of those that caused it. */
function* codesOf(error: unknown, depth = 0): Generator<string> {
  if (typeof error !== 'object' || error === null || depth > 4) return;
  const { code, name, cause, errors } = error as Record<string, unknown>;
  if (typeof code === 'string') yield code;
  if (typeof name === 'string') yield name;
  if (Array.isArray(errors)) for (const one of errors) yield* codesOf(one, depth + 1);
  yield* codesOf(cause, depth + 1);
}

/** What is wrong with the way to a server, if that is what is wrong. */
export function networkFinding(error: unknown, server: string, endpointSetting: string): Finding | undefined {
  for (const code of codesOf(error)) {
    if (TLS.test(code)) {
      return {
        code: ErrorCode.storageFailed,
        reason: `${server} can not prove who it is, or speaks no TLS (${code})`,
        remedy: `Check ${endpointSetting} (http or https), or name its authority in NODE_EXTRA_CA_CERTS`,
      };
    }
    const reason = REASONS[code];
    if (reason !== undefined) return unreachable(server, endpointSetting, `${reason} (${code})`);
  }
  const text = error instanceof Error ? error.message : '';
  return BROKEN_TEXT.test(text) ? unreachable(server, endpointSetting, 'the connection broke') : undefined;
}

const unreachable = (server: string, endpointSetting: string, reason: string): Finding => ({
  code: ErrorCode.storageFailed,
  reason: `${server} can't be reached: ${reason}`,
  remedy: `Check that the server runs and that ${endpointSetting} is its address`,
});

/** A server that is there but can't do it now, after all that was tried. */
export const overloaded = (server: string, status: number): Finding => ({
  code: ErrorCode.storageFailed,
  reason: `${server} can't do it now (status ${status})`,
  remedy: 'It was tried several times; try again later',
});

export const full = (server: string): Finding => ({
  code: ErrorCode.storageFailed,
  reason: `${server} has no room left`,
  remedy: 'Delete what is no longer needed there, or give it more',
});
