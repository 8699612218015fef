/** A byte stream to a meter, however it is carried. */
export interface Connection {
  write(text: string): Promise<void>;
  onData(listener: (chunk: Buffer) => void): void;
  /** Called once when the other end is gone, with the reason where there is one. */
  onClose(listener: (error: Error | undefined) => void): void;
  /** Lets go of it; `onClose` is not called any more. */
  close(): void;
}
