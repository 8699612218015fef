/** Where a chunk that was printed belongs; undefined when nothing has run yet. */
type Sink = () => { write(chunk: Uint8Array | string): void } | undefined;

type Callback = (error?: Error | null) => void;

/** From now on what JavaScript prints goes to the sink. What is written to the descriptors themselves does not come by here. */
export function captureOutput(sink: Sink): void {
  for (const stream of [process.stdout, process.stderr]) {
    const pass = stream.write.bind(stream);
    const write = (
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | Callback,
      callback?: Callback,
    ): boolean => {
      const then = typeof encoding === 'function' ? encoding : callback;
      const log = sink();
      if (log === undefined) return pass(chunk, then);
      const isText = typeof chunk === 'string' && typeof encoding === 'string' && encoding !== 'utf8';
      log.write(isText ? Buffer.from(chunk, encoding) : chunk);
      if (then !== undefined) process.nextTick(then);
      return true;
    };
    stream.write = write as typeof stream.write;
  }
}
