/** The first message to a function host: what it serves, and where. */
export interface HostSetUp {
  readonly kind: 'set-up';
  readonly mode: 'handler' | 'command';
  readonly socketPath: string;
  /** Of a handler: the bundle. */
  readonly module?: string;
  /** Of a command: the program and its arguments. */
  readonly command?: readonly string[];
  readonly timeoutSeconds: number;
  /** The folder with a file for each secret. */
  readonly secretsFolder: string;
  /** The kernel's count of what it killed in the replica for want of memory. */
  readonly killsFile?: string;
  /** Who started this process, and with whom it ends. */
  readonly clientPid: number;
}

export type FromFunctionHost =
  /** It takes calls. */
  | { readonly kind: 'ready' }
  /** It can't take any, ever. */
  | { readonly kind: 'failed'; readonly message: string }
  /** An error that no code caught left it in a state that nobody knows: it should be given no more calls. */
  | { readonly kind: 'spoiled'; readonly message: string };

const KINDS: readonly unknown[] = ['ready', 'failed', 'spoiled'];

/** The user's code has the same channel and may send whatever it likes. */
export const isFromFunctionHost = (message: unknown): message is FromFunctionHost =>
  typeof message === 'object' && message !== null && 'kind' in message && KINDS.includes(message.kind);
