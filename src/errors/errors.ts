/** What kind of thing went wrong. The code is stable: scripts may depend on it, messages may change. */
export const ErrorCode = {
  badUsage: 'bad_usage',
  badConfiguration: 'bad_configuration',
  badInput: 'bad_input',
  notFound: 'not_found',
  permissionDenied: 'permission_denied',
  sourceUnavailable: 'source_unavailable',
  sourceFailed: 'source_failed',
  instrumentFailed: 'instrument_failed',
  kernelFailed: 'kernel_failed',
  commandFailed: 'command_failed',
  addressInUse: 'address_in_use',
  writeFailed: 'write_failed',
  alreadyExists: 'already_exists',
  storageFailed: 'storage_failed',
  notSerialisable: 'not_serialisable',
  closure: 'closure',
  bundleFailed: 'bundle_failed',
  runFailed: 'run_failed',
  knowledgeFailed: 'knowledge_failed',
  accountUnavailable: 'account_unavailable',
  inUse: 'in_use',
  cancelled: 'cancelled',
  replicaFailed: 'replica_failed',
  internal: 'internal',
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

export interface ErrorDetails {
  /** What the reader can do to mend it, as a sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** The one error that crosses a room's door: says what is wrong and where (message), and what would mend it (remedy). */
export class WattloopError extends Error {
  override readonly name = 'WattloopError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
  }

  /** Message and remedy on one line, as the command line prints it. */
  get line(): string {
    const text = this.remedy === undefined ? this.message : `${this.message}. ${this.remedy}`;
    return text.replace(/\s*\n\s*/g, ' ');
  }
}

/** The `code` of a Node.js system error (`ENOENT`, `EACCES`…), if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
